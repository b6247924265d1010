#include "study/suggestion_check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/numbers.hpp"
#include "search/seen_set.hpp"

namespace tunesmith {

void SuggestionCheck::check_goes_on(const StudyView& view, const Suggestion& suggestion,
                                    std::string_view strategy) {
  const bool resumes = suggestion.resume.has_value();
  const TrialId id = resumes ? *suggestion.resume : *suggestion.retire;
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "search strategy \"" + std::string(strategy) +
                                                 "\" wants to " + (resumes ? "resume" : "retire") +
                                                 " trial " + std::to_string(id) + ", " + what);
  };
  if (resumes && suggestion.retire) refuse("and to retire one at the same time");
  if (id < 0 || id >= static_cast<TrialId>(view.size())) refuse("which does not exist");
  const Trial& trial = view.trial(id);
  if (trial.state != TrialState::paused) {
    refuse(std::string("which is ") + to_string(trial.state) + ", not paused");
  }
  if (!suggestion.configuration.values().empty() || suggestion.replicate_of || suggestion.outlook) {
    refuse("and says more of it than belongs there");
  }
  const double reached = trial.reports.empty() ? 0 : std::max(0.0, trial.reports.back().resource);
  // A trial may run past its level before it hears of the pause, and past the next one, too.
  if (resumes && !(suggestion.until > std::min(reached, trial.until))) {
    refuse("up to level " + number_text(suggestion.until) + ", but it has come to " +
           number_text(reached));
  }
}

void SuggestionCheck::operator()(const StudyView& view, const Suggestion& suggestion,
                                 std::string_view strategy) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "search strategy \"" + std::string(strategy) +
                                                 "\" suggested " +
                                                 suggestion.configuration.to_json() + ", " + what);
  };
  if (suggestion.resume || suggestion.retire) return check_goes_on(view, suggestion, strategy);
  if (const auto mistakes = view.problem().space.check(suggestion.configuration);
      !mistakes.empty()) {
    refuse("which lies outside the space: " + to_string(mistakes.front()));
  }
  if (!(suggestion.until > 0)) refuse("to run up to a level that is not above 0");
  if (suggestion.outlook) {
    for (const double one : {suggestion.outlook->expected_gain, suggestion.outlook->regret_bound,
                             suggestion.outlook->noise}) {
      if (!(one >= 0 && std::isfinite(one))) refuse("with an outlook of " + number_text(one));
    }
  }
  if (suggestion.replicate_of) {
    const TrialId id = *suggestion.replicate_of;
    if (id < 0 || id >= static_cast<TrialId>(view.size()) ||
        view.trial(id).configuration != suggestion.configuration) {
      refuse("which is not the configuration of trial " + std::to_string(id));
    }
  } else if (const auto same = find(view, suggestion.configuration)) {
    refuse("which trial " + std::to_string(*same) + " has already");
  }
}

std::optional<TrialId> SuggestionCheck::find(const StudyView& view,
                                             const Configuration& configuration) {
  for (auto id = static_cast<TrialId>(trials_.size()); id < static_cast<TrialId>(view.size());
       ++id) {
    trials_.emplace(hash_configuration(view.trial(id).configuration), id);
  }
  const auto [begin, end] = trials_.equal_range(hash_configuration(configuration));
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (view.trial(candidate->second).configuration == configuration) return candidate->second;
  }
  return {};
}

}  // namespace tunesmith
