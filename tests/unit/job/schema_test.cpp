#include "job/schema_text.hpp"

#include <set>

#include "samples.hpp"
#include "support/catch.hpp"
#include "tunesmith/job.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {
namespace {

std::set<std::string> keys(const Json& object) {
  std::set<std::string> names;
  for (const auto& [key, value] : object.items()) names.insert(key);
  return names;
}

/// The keys that the reader knows at a place of the sample job: it lists them for an unknown one.
std::set<std::string> known_at(const std::string& pointer) {
  const Json json = test::changed(test::own_job(), pointer + "/qqqqqqqq", "1");
  std::set<std::string> names;
  for (const Mistake& mistake : validate_job(json_text(json))) {
    if (mistake.path != pointer + "/qqqqqqqq") continue;
    std::string name;
    for (const char c : mistake.allowed + ",") {
      if (c == ',') {
        names.insert(name);
        name.clear();
      } else if (c != ' ') {
        name += c;
      }
    }
  }
  return names;
}

}  // namespace

TEST_CASE("schema: has exactly the keys that the reader knows") {
  const Json schema = test::parsed(job_schema());
  const Json& properties = schema["properties"];
  const Json& defs = schema["$defs"];
  CHECK(keys(properties) == known_at(""));
  CHECK(keys(properties["budget"]["properties"]) == known_at("/budget"));
  CHECK(keys(properties["outcome_constraints"]["items"]["properties"]) ==
        known_at("/outcome_constraints/0"));
  CHECK(keys(defs["metric"]["properties"]) == known_at("/metrics/0"));
  CHECK(keys(defs["objective"]["properties"]) == known_at("/objective"));
  const Json& parameters = defs["parameter"]["oneOf"];
  CHECK(keys(parameters[0]["properties"]) == known_at("/parameters/lr"));
  CHECK(keys(parameters[1]["properties"]) == known_at("/parameters/layers"));
  CHECK(keys(parameters[2]["properties"]) == known_at("/parameters/optimizer"));
  CHECK(keys(parameters[3]["properties"]) == known_at("/parameters/epochs"));
}

TEST_CASE("schema: plug-ins and their options come from their tables") {
  const Json properties = test::parsed(job_schema())["properties"];
  const bool rules = GENERATE(false, true);
  const std::vector<PluginInfo>& infos = rules ? stopping_rules() : search_strategies();
  const Json& forms =
      rules ? properties["stopping_rules"]["items"]["oneOf"] : properties["strategy"]["oneOf"];
  REQUIRE(forms.size() == infos.size() + 1);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const PluginInfo& info = infos[i];
    CHECK(forms[0]["enum"][i] == info.name);
    std::set<std::string> expected = {"name"};
    for (const OptionInfo& option : info.options) expected.insert(option.name);
    CHECK(keys(forms[i + 1]["properties"]) == expected);
  }
}

TEST_CASE("schema: every field says what it is for") {
  const Json schema = test::parsed(job_schema());
  for (const auto& [key, field] : schema["properties"].items()) {
    INFO(key);
    CHECK((field.contains("description") || field.contains("$ref")));
  }
}

}  // namespace tunesmith
