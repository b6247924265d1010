#include "study/problem_difference.hpp"

#include "core/json_reader.hpp"

namespace tunesmith {
namespace {

constexpr const char* way_out = "; or use another study name or store";

void add(const std::string& path, const Json* stored, const Json* given,
         std::vector<Mistake>& mistakes) {
  const std::string is = given == nullptr ? "is absent" : "is " + json_excerpt(*given);
  if (stored == nullptr) {
    mistakes.push_back(
        {path, is + ", but the study was made without it", std::string("leave it out") + way_out});
  } else {
    mistakes.push_back({path, is + ", but the study was made with " + json_excerpt(*stored),
                        json_excerpt(*stored) + way_out});
  }
}

void compare(const Json& stored, const Json& given, const std::string& path,
             std::vector<Mistake>& mistakes) {
  if (stored.is_object() && given.is_object()) {
    for (const auto& [key, value] : stored.items()) {
      const auto found = given.find(key);
      if (found == given.end()) {
        add(path + pointer_step(key), &value, nullptr, mistakes);
      } else {
        compare(value, *found, path + pointer_step(key), mistakes);
      }
    }
    for (const auto& [key, value] : given.items()) {
      if (!stored.contains(key)) add(path + pointer_step(key), nullptr, &value, mistakes);
    }
  } else if (stored.is_array() && given.is_array() && stored.size() == given.size()) {
    for (std::size_t i = 0; i < stored.size(); ++i) {
      compare(stored[i], given[i], path + pointer_step(i), mistakes);
    }
  } else if (json_text(stored) != json_text(given)) {
    add(path, &stored, &given, mistakes);
  }
}

}  // namespace

std::vector<Mistake> problem_difference(const Problem& stored, const Problem& given) {
  std::vector<Mistake> mistakes;
  const Json a = parse_json_or_throw(to_json(stored), ErrorCode::store_corrupt);
  const Json b = parse_json_or_throw(to_json(given), ErrorCode::invalid_problem);
  compare(a, b, "", mistakes);
  if (mistakes.empty() && json_text(a) != json_text(b)) {
    // Strategies and grids go through parameters in order.
    mistakes.push_back({"/parameters", "stand in another order than when the study was made",
                        std::string("the order of then") + way_out});
  }
  return mistakes;
}

}  // namespace tunesmith
