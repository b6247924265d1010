#include <utility>

#include "core/json.hpp"
#include "job/plugin_choice.hpp"
#include "job/schema_text.hpp"
#include "tunesmith/job.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {
std::string job_schema() {
  std::vector<Mistake> mistakes;
  Json schema = parse_json(job_schema_text, mistakes);
  Json strategy = plugin_choice_schema(search_strategies());
  strategy["description"] = "How the space is searched: a name, or an object with options.";
  strategy["default"] = Job{}.strategy.name;
  schema["properties"]["strategy"] = std::move(strategy);
  Json executor = plugin_choice_schema(executors());
  executor["description"] = "Where trials run: a name, or an object with options.";
  executor["default"] = Job{}.executor_choice.name;
  schema["properties"]["executor"] = std::move(executor);
  schema["properties"]["stopping_rules"] = {
      {"description",
       "What ends trials early that are not worth their cost, judged by their reports."},
      {"type", "array"},
      {"items", plugin_choice_schema(stopping_rules())}};
  return json_pretty(schema) + "\n";
}

}  // namespace tunesmith
