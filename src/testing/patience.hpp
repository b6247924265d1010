#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "testing/call_thread.hpp"
#include "testing/checks.hpp"

namespace tunesmith::testing {

/// Makes calls that must come back in time, on threads of its own. Thread-safe.
class PatientCaller {
 public:
  explicit PatientCaller(Seconds patience) : patience_(patience) {}

  /// Throws what the call throws, and std::runtime_error where it does not come back. What it
  /// refers to must be its own, as it may be left behind.
  void call(const std::string& what, std::function<void()> call);
  /// Lets go of an object, which may come to its end by that.
  void let_go(std::shared_ptr<void> object) noexcept;
  /// Whether no object took too long to come to its end.
  bool all_gone() const;

 private:
  enum class Attempt { back, hung, given_up };
  Attempt attempt(std::function<void()> call);

  const Seconds patience_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<CallThread>> idle_;
  int hangs_ = 0;
  bool all_gone_ = true;
};

/// Kits whose objects answer in time or throw.
StrategyKit patient(const StrategyKit& kit, const std::shared_ptr<PatientCaller>& caller);
StoppingRuleKit patient(const StoppingRuleKit& kit, const std::shared_ptr<PatientCaller>& caller);
StoreKit patient(const StoreKit& kit, const std::shared_ptr<PatientCaller>& caller);

/// The last check of a kit.
void check_all_gone(Checks& checks, const PatientCaller& caller);

}  // namespace tunesmith::testing
