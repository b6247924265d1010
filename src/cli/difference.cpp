#include "cli/difference.hpp"

#include "core/json_reader.hpp"

namespace tunesmith::cli {
namespace {

void compare(const Json& before, const Json& after, const std::string& path,
             std::vector<Difference>& found) {
  if (before.is_object() && after.is_object()) {
    for (const auto& [key, value] : before.items()) {
      const std::string at = path + pointer_step(key);
      if (after.contains(key)) {
        compare(value, after.at(key), at, found);
      } else {
        found.push_back({at, json_excerpt(value), ""});
      }
    }
    for (const auto& [key, value] : after.items()) {
      if (!before.contains(key)) {
        found.push_back({path + pointer_step(key), "", json_excerpt(value)});
      }
    }
  } else if (before.is_array() && after.is_array() && before.size() == after.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      compare(before[i], after[i], path + pointer_step(i), found);
    }
  } else if (before != after) {
    found.push_back({path, json_excerpt(before), json_excerpt(after)});
  }
}

}  // namespace

std::vector<Difference> differences(const std::string& before, const std::string& after) {
  std::vector<Mistake> mistakes;
  const Json old_json = parse_json(before, mistakes);
  const Json new_json = parse_json(after, mistakes);
  std::vector<Difference> found;
  if (mistakes.empty()) compare(old_json, new_json, "", found);
  return found;
}

std::string to_text(const Difference& difference) {
  const std::string absent = "(absent)";
  return difference.path + ": " + (difference.before.empty() ? absent : difference.before) +
         " -> " + (difference.after.empty() ? absent : difference.after);
}

}  // namespace tunesmith::cli
