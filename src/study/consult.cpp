#include <utility>

#include "study/study_impl.hpp"

namespace tunesmith {

void Study::Impl::consult_locked(bool act) {
  if (consulting) return;
  consulting = true;
  struct Done {
    bool& flag;
    ~Done() { flag = false; }
  } const done{consulting};
  while (!unread.empty() || (!strategy_unread.empty() && !strategy_busy)) {
    consult_rules_locked(act);
    feed_strategy_locked(act);
  }
}

void Study::Impl::consult_rules_locked(bool act) {
  if (unread.empty()) return;
  const std::vector<StoredEvent> stretch = std::exchange(unread, {});
  const StudyView view = fold.snapshot();
  for (const auto& rule : rules) {
    for (const Action& action : rule->on_events(view, stretch)) {
      if (act) act_locked(Actor::rule, rule->name(), action);
    }
  }
}

void Study::Impl::feed_strategy_locked(bool act) {
  if (strategy_unread.empty() || strategy_busy) return;
  std::vector<StoredEvent> stretch = std::exchange(strategy_unread, {});
  const std::vector<Action> actions = strategy->on_events(fold.snapshot(), stretch);
  // The next events find room, instead of asking for it at each report.
  stretch.clear();
  strategy_unread.swap(stretch);
  if (!act) return;
  for (const Action& action : actions) act_locked(Actor::strategy, strategy->name(), action);
}

void Study::Impl::consult_clock_locked() {
  const Seconds now = clock->monotonic();
  for (const auto& rule : rules) {
    for (const Action& action : rule->on_time(now)) act_locked(Actor::rule, rule->name(), action);
  }
}

void Study::Impl::act_locked(Actor actor, const std::string& who, const Action& action) {
  const bool one_trial = action.kind == Action::Kind::stop_trial ||
                         action.kind == Action::Kind::pause_trial ||
                         (action.kind == Action::Kind::notify && action.trial != -1);
  const auto refuse = [&](const std::string& what) {
    throw Error(
        ErrorCode::invalid_argument,
        (actor == Actor::rule ? "stopping rule \"" : "search strategy \"") + who + "\" " + what);
  };
  if (action.reason.empty()) refuse("gives no reason for an action");
  if (one_trial && (action.trial < 0 || action.trial >= static_cast<TrialId>(fold.size()))) {
    refuse("speaks of trial " + std::to_string(action.trial) + ", which does not exist");
  }
  if (action.kind == Action::Kind::pause_trial && actor == Actor::rule) {
    refuse("wants to pause a trial, which nobody would resume");
  }
  if (action.kind == Action::Kind::notify) {
    const Notice notice{.trial = action.trial, .rule = who, .message = action.reason};
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
  const std::string reason = who + ": " + action.reason;
  if (action.kind == Action::Kind::pause_trial) {
    if (fold.pause_requested(action.trial)) return;
    record_locked({.kind = EventKind::pause_requested, .trial = action.trial, .payload = reason});
    return;
  }
  record_locked({.kind = EventKind::stop_requested,
                 .trial = one_trial ? action.trial : -1,
                 .value = 1,
                 .payload = reason});
}

}  // namespace tunesmith
