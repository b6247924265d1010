#include <utility>

#include "study/study_impl.hpp"

namespace tunesmith {

void Study::Impl::consult_rules_locked(bool act) {
  if (consulting) return;
  consulting = true;
  struct Done {
    bool& flag;
    ~Done() { flag = false; }
  } const done{consulting};
  while (!unread.empty()) {
    const std::vector<StoredEvent> stretch = std::exchange(unread, {});
    const StudyView view = fold.snapshot();
    for (const auto& rule : rules) {
      for (const Action& action : rule->on_events(view, stretch)) {
        if (act) act_locked(*rule, action);
      }
    }
  }
}

void Study::Impl::consult_clock_locked() {
  const Seconds now = clock->monotonic();
  for (const auto& rule : rules) {
    for (const Action& action : rule->on_time(now)) act_locked(*rule, action);
  }
}

void Study::Impl::act_locked(const StoppingRule& rule, const Action& action) {
  const bool one_trial = action.kind == Action::Kind::stop_trial ||
                         (action.kind == Action::Kind::notify && action.trial != -1);
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "stopping rule \"" + rule.name() + "\" " + what);
  };
  if (action.reason.empty()) refuse("gives no reason for an action");
  if (one_trial && (action.trial < 0 || action.trial >= static_cast<TrialId>(fold.size()))) {
    refuse("speaks of trial " + std::to_string(action.trial) + ", which does not exist");
  }
  if (action.kind == Action::Kind::notify) {
    const Notice notice{.trial = action.trial, .rule = rule.name(), .message = action.reason};
    if (fold.noticed(notice)) return;
    record_locked({.kind = EventKind::noticed,
                   .trial = notice.trial,
                   .metric = notice.rule,
                   .payload = notice.message});
    return;
  }
  const bool in_vain = one_trial ? fold.trial(action.trial).state != TrialState::running ||
                                       fold.stop_requested(action.trial)
                                 : fold.stop_requested().has_value();
  if (in_vain) return;
  record_locked({.kind = EventKind::stop_requested,
                 .trial = one_trial ? action.trial : -1,
                 .value = 1,
                 .payload = rule.name() + ": " + action.reason});
}

}  // namespace tunesmith
