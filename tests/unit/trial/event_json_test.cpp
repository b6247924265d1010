#include "trial/event_json.hpp"

#include <cmath>
#include <limits>

#include "core/json_reader.hpp"
#include "core/random.hpp"
#include "support/catch.hpp"
#include "trial/budget_json.hpp"

using namespace tunesmith;

namespace {

void check_round_trip(const SuggestionRecord& record) {
  const std::string payload = suggestion_payload(record);
  // Written without a Json, and just as that would be.
  std::vector<Mistake> mistakes;
  CHECK(json_text(parse_json(payload, mistakes)) == payload);
  CHECK(mistakes.empty());
  const SuggestionRecord again = read_suggestion(payload);
  CHECK(again.configuration == record.configuration);
  CHECK(again.configuration.to_json() == record.configuration.to_json());
  CHECK(again.until == record.until);
  CHECK(again.replicate_of == record.replicate_of);
  CHECK(again.origin == record.origin);
  CHECK(again.note == record.note);
  CHECK(again.state == record.state);
  CHECK(again.outlook == record.outlook);
  CHECK(again.prefix == record.prefix);
  CHECK(again.strategy == record.strategy);
  CHECK(again.instruction_set == record.instruction_set);
}

}  // namespace

TEST_CASE("a suggestion survives its payload") {
  check_round_trip({});
  check_round_trip({.configuration = {{"lr", 0.1},
                                      {"n", std::int64_t{-3}},
                                      {"max", std::numeric_limits<std::int64_t>::max()},
                                      {"min", std::numeric_limits<std::int64_t>::min()},
                                      {"flag", true},
                                      {"no", false},
                                      {"name", "a \"quoted\" text\n\twith ü and \\"},
                                      {"odd/~key", 1.0},
                                      {"", "empty name"},
                                      {"zero", -0.0}},
                    .until = 81,
                    .replicate_of = 12,
                    .origin = Origin::baseline,
                    .note = std::string("nul \0 inside", 12),
                    .state = R"({"length": [0.1, 0.2]})",
                    .outlook = Outlook{.expected_gain = 0.1, .regret_bound = 1e300, .noise = 0},
                    .prefix = 1234567890123,
                    .strategy = "bayesian",
                    .instruction_set = "avx2"});
  check_round_trip({.until = 1e300, .origin = Origin::enqueued});
  check_round_trip({.until = 1e-300});
}

TEST_CASE("doubles survive payloads bit for bit") {
  RandomStream random(5, 0, "bits");
  for (int i = 0; i < 3000; ++i) {
    double value = std::bit_cast<double>(random.next_u64());
    if (i % 3 == 0) value = random.uniform();
    if (i % 3 == 1) value = std::round(random.uniform() * 1e6) / 1e4;
    if (!std::isfinite(value)) continue;
    const std::string payload = suggestion_payload({.configuration = {{"x", value}}});
    CHECK(payload.starts_with("{\"configuration\":" + json_text(Json{{"x", value}}) + ","));
    const auto again = read_suggestion(payload);
    CAPTURE(value);
    CHECK(std::bit_cast<std::uint64_t>(again.configuration.number("x")) ==
          std::bit_cast<std::uint64_t>(value));
  }
}

TEST_CASE("what stands in line survives its payload") {
  const QueuedConfiguration queued = {{{"x", 0.25}, {"k", std::int64_t{1}}}, "why", 3};
  const QueuedConfiguration again = read_queued(queued_payload(queued));
  CHECK(again.configuration == queued.configuration);
  CHECK(again.note == "why");
  CHECK(again.replicate_of == 3);
  CHECK_FALSE(read_queued(queued_payload({})).replicate_of);
}

TEST_CASE("a budget survives its payload") {
  const Budget full = {.max_trials = 7,
                       .max_time = Seconds(0.1),
                       .target = -1.5e-7,
                       .max_failures_in_a_row = 2,
                       .max_cost = 0.3};
  CHECK(read_budget_payload(budget_payload(full)) == full);
  CHECK(read_budget_payload(budget_payload({})) == Budget{});
  CHECK(validate(full).empty());
}

TEST_CASE("payloads that nobody writes are refused") {
  for (const char* payload :
       {"", "null", "3", "{}", "{\"configuration\":3}", R"({"configuration":{"x":[1]}})",
        R"({"configuration":{"x":null}})", R"({"configuration":{},"origin":"oracle"})",
        R"({"configuration":{},"until":"far"})", R"({"configuration":{},"prefix":-1})",
        R"({"configuration":{},"prefix":1,"prefix":2})", R"({"configuration":{"x":1,"x":2}})",
        R"({"configuration":{},"more":1})",
        R"({"configuration":{}} )"
        "x",
        R"({"configuration":{},"replicate_of":1.5})", R"({"configuration":{"x":1e999}})",
        "{\"configuration\":{\"x\":\"\xff\"}}",
        R"({"configuration":{"x":99999999999999999999}})"}) {
    CAPTURE(payload);
    CHECK_THROWS_AS(read_suggestion(payload), Error);
  }
  CHECK_THROWS_AS(read_queued(R"({"note":"x"})"), Error);
  CHECK_THROWS_AS(read_budget_payload(R"({"max_time":0})"), Error);
  CHECK_THROWS_AS(read_budget_payload(R"({"max_failures_in_a_row":0})"), Error);
  CHECK_THROWS_AS(read_budget_payload(R"({"max_cost":-1})"), Error);
}

TEST_CASE("each limit of a budget that makes no sense has its path") {
  const Budget wrong = {.max_trials = 0,
                        .max_time = Seconds(-1),
                        .target = NAN,
                        .max_failures_in_a_row = 0,
                        .max_cost = 0.0};
  std::vector<std::string> paths;
  for (const Mistake& mistake : validate(wrong)) paths.push_back(mistake.path);
  CHECK(paths == std::vector<std::string>{"/max_trials", "/max_time", "/target",
                                          "/max_failures_in_a_row", "/max_cost"});
}

TEST_CASE("an earlier study comes back exactly, and nothing else is one") {
  const ParentStudy parent{
      {{{{"x", 0.1 + 0.2}, {"kind", "a\"b"}, {"n", std::int64_t{1} << 62}}, {-1e-300}},
       {{}, {1e300, 0.1 + 0.2}}}};
  const ParentStudy read = read_parent(parent_payload(parent));
  REQUIRE(read.evaluations.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(read.evaluations[i].configuration == parent.evaluations[i].configuration);
    CHECK(read.evaluations[i].values == parent.evaluations[i].values);
  }
  CHECK(read_parent(parent_payload({})).evaluations.empty());
  for (const std::string payload :
       {"", "{}", R"({"evaluations":{}})", R"({"evaluations":[1]})",
        R"({"evaluations":[{"value":1}]})", R"({"evaluations":[{"configuration":{}}]})",
        R"({"evaluations":[{"configuration":{},"value":null}]})",
        R"({"evaluations":[{"configuration":{},"values":2}]})",
        R"({"evaluations":[{"configuration":{},"values":[1,"2"]}]})",
        R"({"evaluations":[{"configuration":{},"value":1,"values":[1,2]}]})",
        R"({"evaluations":[{"configuration":{},"value":1,"more":1}]})",
        R"({"evaluations":[],"more":1})"}) {
    CAPTURE(payload);
    CHECK_THROWS_AS(read_parent(payload), Error);
  }
}
