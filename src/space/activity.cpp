#include "space/activity.hpp"

#include <algorithm>

#include "space/value.hpp"

namespace tunesmith {

bool admits(const Condition& condition, const Value& value) {
  return std::any_of(condition.values.begin(), condition.values.end(),
                     [&](const Value& wanted) { return same_value(wanted, value); });
}

Activity::Activity(const Space& space, const std::vector<const Value*>& values)
    : space_(space), values_(values), states_(values.size()), answers_(values.size()) {}

Active Activity::test(const Condition& condition, int depth) {
  const Parameter* parent = space_.find(condition.parent);
  if (parent == nullptr || depth >= max_condition_depth) return Active::no;
  const auto at = static_cast<std::size_t>(parent - space_.parameters().data());
  if (states_[at] == State::open) return Active::no;
  if (states_[at] == State::fresh) {
    states_[at] = State::open;
    answers_[at] = follow(*parent, depth + 1);
    states_[at] = State::done;
  }
  if (answers_[at] != Active::yes) return answers_[at];
  if (values_[at] == nullptr) return Active::unknown;
  return admits(condition, *values_[at]) ? Active::yes : Active::no;
}

Active Activity::follow(const Parameter& parameter, int depth) {
  Active answer = Active::yes;
  for (const Condition& condition : parameter.when) {
    answer = std::min(answer, test(condition, depth));
    if (answer == Active::no) break;
  }
  return answer;
}

}  // namespace tunesmith
