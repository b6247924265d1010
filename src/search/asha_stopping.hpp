#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "search/halving_searcher.hpp"
#include "search/rung_record.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// Asynchronous halving that stops trials at rungs.
class AshaStopping final : public SearchStrategy {
 public:
  AshaStopping(std::string name, const RungLadder& ladder, HalvingSearcher searcher);

  std::string name() const override { return name_; }
  std::vector<Suggestion> suggest(const StudyView& view, int count) override;
  bool follows_events() const noexcept override { return true; }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override;

 private:
  struct Course {
    /// Of its bracket; none: it has reported nothing yet.
    std::optional<std::size_t> lowest = {};
    /// Per rung from the lowest.
    std::vector<double> ranks = {};
    /// Level of the next rung.
    double next = 0;
  };
  /// Takes a value into the rungs that it reaches. Answers why the trial is to be stopped.
  std::optional<std::string> enter(const Event& report, double rank, Course& course);
  void rank_worst(TrialId id, Course& course);

  std::string name_;
  RungLadder ladder_;
  std::mutex mutex_;
  HalvingSearcher searcher_;
  /// Per lowest rung, then per rung.
  std::vector<std::vector<RungRecord>> brackets_;
  std::vector<Course> courses_;
};

}  // namespace tunesmith
