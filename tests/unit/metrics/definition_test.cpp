#include "metrics/definition.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using tunesmith::ExtractionOptions;
using tunesmith::MetricDefinition;
using tunesmith::MetricFormat;
using tunesmith::validate;

namespace {

std::vector<std::string> paths(const ExtractionOptions& options) {
  std::vector<std::string> result;
  for (const auto& mistake : validate(options)) result.push_back(mistake.path);
  return result;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("every mistake of the definitions has its path") {
  ExtractionOptions options;
  CHECK(paths(options).empty());
  options.metrics = {
      {.name = "a", .regex = "a ([0-9]+)"},
      {.name = "", .regex = "b ([0-9]+)"},
      {.name = "a", .regex = "c"},
      {.name = "d", .regex = "d (x)", .format = MetricFormat::json_lines},
      {.name = "e", .regex = "e (x)", .key = "e"},
      {.name = "f\n", .format = MetricFormat::key_value},
      {.name = "\xff", .format = MetricFormat::json_lines},
      {.name = "g"},
      {.name = "validation:rmse \xc3\xa4", .format = MetricFormat::key_value, .key = "rmse"},
  };
  options.resource_regex = "epoch";
  CHECK(paths(options) == Paths{"/metrics/1/name", "/metrics/2/name", "/metrics/2/regex",
                                "/metrics/3/regex", "/metrics/4/key", "/metrics/5/name",
                                "/metrics/6/name", "/metrics/7/regex", "/resource_regex"});
}

TEST_CASE("an extractor refuses what validate refuses, all at once") {
  ExtractionOptions options{.metrics = {{.name = "a", .regex = "a"}}, .resource_regex = "("};
  try {
    tunesmith::MetricExtractor extractor(options);
    FAIL("was accepted");
  } catch (const tunesmith::Error& error) {
    CHECK(error.code() == tunesmith::ErrorCode::invalid_problem);
    CHECK(error.mistakes() == validate(options));
    CHECK(error.mistakes().size() == 2);
  }
}

TEST_CASE("the words of the formats") {
  CHECK(std::string(to_string(MetricFormat::regex)) == "regex");
  CHECK(std::string(to_string(MetricFormat::json_lines)) == "json_lines");
  CHECK(std::string(to_string(MetricFormat::key_value)) == "key_value");
}
