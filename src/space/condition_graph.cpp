#include "space/condition_graph.hpp"

#include <algorithm>
#include <cstddef>

#include "space/activity.hpp"

namespace tunesmith {

ConditionGraph::ConditionGraph(const Space& space) {
  const std::vector<Parameter>& all = space.parameters();
  enum class State : char { fresh, open, done };
  std::vector<State> states(all.size());
  std::vector<int> depths(all.size());
  struct Step {
    std::size_t position;
    std::size_t next;  // condition to follow
  };
  // Depth first, with its own stack: texts from outside may chain any number of conditions.
  std::vector<Step> stack;
  for (std::size_t start = 0; start < all.size(); ++start) {
    if (states[start] != State::fresh) continue;
    stack.push_back({start, 0});
    states[start] = State::open;
    while (!stack.empty()) {
      const std::size_t here = stack.back().position;
      if (stack.back().next == all[here].when.size()) {
        if (depths[here] == max_condition_depth + 1) too_deep_.push_back(&all[here]);
        states[here] = State::done;
        stack.pop_back();
        if (!stack.empty()) {
          int& depth = depths[stack.back().position];
          depth = std::max(depth, depths[here] + 1);
        }
        continue;
      }
      const Parameter* parent = space.find(all[here].when[stack.back().next++].parent);
      if (parent == nullptr) continue;
      const auto at = static_cast<std::size_t>(parent - all.data());
      if (states[at] == State::fresh) {
        states[at] = State::open;
        stack.push_back({at, 0});
      } else if (states[at] == State::done) {
        depths[here] = std::max(depths[here], depths[at] + 1);
      } else {
        // The circle is the stack from `at` to the top, whose next is `at` again.
        auto first = stack.end() - 1;
        while (first->position != at) --first;
        const auto member = std::min_element(first, stack.end(), [](const Step& a, const Step& b) {
          return a.position < b.position;
        });
        const std::size_t after = member + 1 == stack.end() ? at : (member + 1)->position;
        cycles_.emplace_back(&all[member->position], &all[after]);
      }
    }
  }
}

}  // namespace tunesmith
