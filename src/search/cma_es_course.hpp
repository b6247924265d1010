#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "search/cma_es_axes.hpp"
#include "search/cma_es_record.hpp"
#include "search/cma_es_state.hpp"
#include "search/view_follower.hpp"

namespace tunesmith {

/// The course of CMA-ES through a study, worked out from the log: generation after generation from
/// the trials that the records name, then the one that comes next. What was worked out is kept for
/// the next view, where that goes on from the last.
///
/// A generation is made from all results that are in as soon as they are as many as the population,
/// also late ones of draws from earlier distributions, so that no order of results is waited for.
class CmaEsCourse {
 public:
  /// `population` as in CmaEsSearchOptions.
  explicit CmaEsCourse(int population) : population_(population) {}

  /// Brings everything up to date with `view`. Amortised O(new trials), beside O(trials that wait).
  void follow(const StudyView& view);

  /// The distribution to draw from now, and the number of its generation.
  const CmaEsState& state() const { return coming_ ? coming_->state : *state_; }
  /// Where no trial was drawn from it yet: the trials that it was made from.
  std::optional<std::vector<TrialId>> made_from() const;

  const CmaEsAxes& axes() const { return *axes_; }
  const ViewFollower& follower() const { return follower_; }

 private:
  struct Drawn {
    TrialId id = 0;
    std::int64_t generation = 0;
    CmaEsState::Member member = {};
    bool elsewhere = false;
  };
  struct Coming {
    std::vector<TrialId> made_from = {};
    CmaEsState state;
  };

  void forget(const StudyView& view);
  void take_in(const StudyView& view, TrialId id);
  bool open(const StudyView& view, const CmaEsRecord& record);
  /// Moves draws whose trials have ended to `ended_`, and drops those that tell nothing.
  void settle(const StudyView& view);
  void prepare(const StudyView& view);

  CmaEsState begun(const StudyView& view, const std::vector<TrialId>& others) const;
  CmaEsState moved(const StudyView& view, const std::vector<TrialId>& trials) const;

  int population_;
  ViewFollower follower_;
  /// Keeps the space that the axes refer to.
  std::optional<StudyView> origin_;
  std::unique_ptr<CmaEsAxes> axes_;
  TrialId next_ = 0;
  /// None until a trial was drawn from the first distribution.
  std::optional<CmaEsState> state_;
  std::optional<Coming> coming_;
  /// Trials that are not its own, from before its first.
  std::vector<TrialId> others_;
  /// Own trials that no generation was made from yet, by id.
  std::vector<Drawn> waiting_;
  std::vector<Drawn> ended_;
};

}  // namespace tunesmith
