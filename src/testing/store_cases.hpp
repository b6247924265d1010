#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "testing/checks.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith::testing {

/// A store with one empty study.
struct FreshStore {
  explicit FreshStore(const StoreKit& kit)
      : store(kit.make()), study(store->open_study("study", "{}").key) {}

  std::vector<StoredEvent> log() const { return store->events_since(study, 0, 1000000); }

  std::shared_ptr<Store> store;
  StudyKey study;
};

Event suggested(TrialId trial);
Event restarted(TrialId trial, int attempt);
Event reported(TrialId trial, double value, int attempt = 1);
Event finished(TrialId trial, int attempt = 1);
/// Values of every shape and texts of every content.
std::vector<Event> odd_events();

/// Equal to the bit; all NaN are one.
bool same(const Event& a, const Event& b);
/// Empty where the log holds exactly these events at 1, 2, …; else where it first differs.
std::string difference(const std::vector<StoredEvent>& log, const std::vector<Event>& events);

/// The code of the Error that the call throws; nothing where it throws none.
std::optional<ErrorCode> error_of(const std::function<void()>& call);

/// Writers append pairs, and bid for every generation; readers read all the while. Each thread has
/// what `object` gives it: the store itself, or an object of its own on the same place.
void check_crowd(Checks& checks, const FreshStore& fresh,
                 const std::function<std::shared_ptr<Store>()>& object);

/// The parts of check_store.
void check_log(Checks& checks, const StoreKit& kit);
void check_preconditions(Checks& checks, const StoreKit& kit);
void check_studies(Checks& checks, const StoreKit& kit);
void check_sharing(Checks& checks, const StoreKit& kit);
void check_place(Checks& checks, const StoreKit& kit);

}  // namespace tunesmith::testing
