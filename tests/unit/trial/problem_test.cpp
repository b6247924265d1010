#include "tunesmith/problem.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

Problem rich_problem() {
  Problem problem;
  problem.space.add_float("lr", {.min = 1e-5, .max = 0.1, .scale = Scale::log})
      .add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_constraint("layers * lr <= 0.2");
  problem.objectives = {{.metric = "loss"},
                        {.metric = "accuracy", .goal = Goal::maximize, .standard_error = "error"}};
  problem.constraints = {{.metric = "size", .max = 1e6},
                         {.metric = "loss", .min = 0.1, .max = 0.3}};
  problem.metrics = {{.name = "loss", .regex = "loss: ([0-9.]+)"},
                     {.name = "accuracy", .format = MetricFormat::json_lines, .key = "eval.acc"},
                     {.name = "size", .format = MetricFormat::key_value},
                     {.name = "error", .format = MetricFormat::key_value}};
  problem.resource_regex = "epoch ([0-9]+)";
  problem.final_rule = {.value = FinalValue::mean_of_last, .levels = 3};
  problem.baseline =
      Configuration{{"lr", 0.001}, {"layers", std::int64_t{2}}, {"optimizer", "sgd"}};
  problem.cost = Cost{.metric = "size"};
  problem.seed = 42;
  return problem;
}

bool equal(const Problem& a, const Problem& b) {
  return a.space == b.space && a.objectives == b.objectives && a.constraints == b.constraints &&
         a.metrics == b.metrics && a.resource_regex == b.resource_regex &&
         a.final_rule == b.final_rule && a.baseline == b.baseline && a.cost == b.cost &&
         a.seed == b.seed;
}

std::vector<std::string> paths(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> found;
  for (const Mistake& mistake : mistakes) found.push_back(mistake.path);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> paths_of_json(const std::string& json) {
  try {
    problem_from_json(json);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_problem);
    return paths(error.mistakes());
  }
  return {};
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a problem survives its JSON form") {
  CHECK(validate(rich_problem()).empty());
  CHECK(equal(problem_from_json(to_json(rich_problem())), rich_problem()));

  Problem plain;
  plain.space.add_float("x", {});
  plain.objectives = {{.metric = "loss"}};
  CHECK(equal(problem_from_json(to_json(plain)), plain));
  plain.cost = Cost{};
  CHECK(to_json(plain).find(R"("cost":"time")") != std::string::npos);
  CHECK(equal(problem_from_json(to_json(plain)), plain));
}

TEST_CASE("numbers of a problem survive exactly") {
  Problem problem = rich_problem();
  problem.seed = GENERATE(std::uint64_t{0}, std::uint64_t{INT64_MAX}, std::uint64_t{INT64_MAX} + 1,
                          std::numeric_limits<std::uint64_t>::max());
  problem.baseline->set("lr", std::nextafter(0.001, 1.0));
  problem.constraints[1].min = 0.1 + 0.2;
  problem.constraints[1].max = 5e300;
  CHECK(equal(problem_from_json(to_json(problem)), problem));
}

TEST_CASE("the final rule has four forms") {
  Problem problem = rich_problem();
  problem.final_rule =
      GENERATE(FinalRule{FinalValue::last, 1}, FinalRule{FinalValue::first, 1},
               FinalRule{FinalValue::best, 1}, FinalRule{FinalValue::mean_of_last, 1},
               FinalRule{FinalValue::mean_of_last, 7});
  CHECK(problem_from_json(to_json(problem)).final_rule == problem.final_rule);
}

TEST_CASE("each mistake of a problem has its path") {
  Problem problem = rich_problem();
  SECTION("no objective") {
    problem.objectives.clear();
    CHECK(paths(validate(problem)) == Paths{"/objectives"});
  }
  SECTION("an objective that no definition measures") {
    problem.objectives[0].metric = "los";
    const auto mistakes = validate(problem);
    CHECK(paths(mistakes) == Paths{"/objectives/0/metric"});
    CHECK(mistakes.at(0).what.find("did you mean \"loss\"") != std::string::npos);
  }
  SECTION("without definitions any metric will do") {
    problem.metrics.clear();
    problem.resource_regex.clear();
    problem.objectives[0].metric = "los";
    CHECK(validate(problem).empty());
  }
  SECTION("the same objective twice, and one without a name") {
    problem.objectives.push_back({.metric = "loss"});
    problem.objectives.push_back({.metric = ""});
    CHECK(paths(validate(problem)) == Paths{"/objectives/2/metric", "/objectives/3/metric"});
  }
  SECTION("a standard error that is an objective, and one that no definition measures") {
    problem.objectives[0].standard_error = "loss";
    problem.objectives.push_back({.metric = "size", .standard_error = "losss"});
    const auto mistakes = validate(problem);
    CHECK(paths(mistakes) == Paths{"/objectives/0/standard_error", "/objectives/2/standard_error"});
    CHECK(mistakes.at(0).what == "is \"loss\", which is an objective");
  }
  SECTION("bounds") {
    problem.constraints = {{.metric = "size"},
                           {.metric = "size", .min = 2, .max = 1},
                           {.metric = "size", .min = NAN, .max = 1},
                           {.metric = "", .min = 1},
                           {.metric = "none", .min = 1}};
    CHECK(paths(validate(problem)) == Paths{"/outcome_constraints/0", "/outcome_constraints/1/max",
                                            "/outcome_constraints/2/min",
                                            "/outcome_constraints/3/metric",
                                            "/outcome_constraints/4/metric"});
  }
  SECTION("a pattern") {
    problem.metrics[0].regex = "loss: (";
    CHECK(paths(validate(problem)) == Paths{"/metrics/0/regex"});
  }
  SECTION("a mean over nothing") {
    problem.final_rule.levels = 0;
    CHECK(paths(validate(problem)) == Paths{"/final/mean_of_last"});
  }
  SECTION("a cost that no definition measures") {
    problem.cost = Cost{.metric = "euros"};
    CHECK(paths(validate(problem)) == Paths{"/cost/metric"});
  }
  SECTION("a baseline outside the space") {
    problem.baseline->set("lr", 7.0);
    problem.baseline->set("colour", "red");
    CHECK(paths(validate(problem)) == Paths{"/baseline/colour", "/baseline/lr"});
  }
  SECTION("a baseline in a space that is wrong itself") {
    problem.space.add_float("bad", {.min = 1, .max = 0});
    CHECK(paths(validate(problem)).size() == 1);
  }
}

TEST_CASE("a text with k mistakes gives these k paths") {
  const std::string space = R"("parameters": {"x": {"type": "float", "min": 0, "max": 1}})";
  const auto with = [&](const std::string& rest) { return "{" + space + rest + "}"; };
  CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "loss"}])")).empty());

  CHECK(paths_of_json("[]") == Paths{""});
  CHECK(paths_of_json("{") == Paths{""});
  CHECK(paths_of_json(with("")) == Paths{"/objectives"});
  CHECK(paths_of_json(with(R"(, "objectives": [])")) == Paths{"/objectives"});
  CHECK(paths_of_json(with(R"(, "objectives": {"metric": "loss"})")) == Paths{"/objectives"});
  CHECK(paths_of_json(with(R"(, "objectives": [3, {"metric": "loss", "goal": "up"}, {}])")) ==
        Paths{"/objectives/0", "/objectives/1/goal", "/objectives/2/metric"});
  CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "loss", "gaol": "minimize"}])")) ==
        Paths{"/objectives/0/gaol"});
  CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "loss", "standard_error": ""},
        {"metric": "size", "standard_error": 3}, {"metric": "a", "standard_error": "size"}])")) ==
        Paths{"/objectives/0/standard_error", "/objectives/1/standard_error",
              "/objectives/2/standard_error"});

  SECTION("every field once, no cascade") {
    const Paths expected = {"/baseline/x",
                            "/final",
                            "/metrics/0/regex",
                            "/metrics/1/name",
                            "/objectives/0/metric",
                            "/objectives/1/metric",
                            "/outcome_constraints/0/max",
                            "/outcome_constraints/1",
                            "/resource_regex",
                            "/seed",
                            "/surprise"};
    CHECK(paths_of_json(with(R"json(,
      "objectives": [{"metric": 3}, {"metric": ""}],
      "outcome_constraints": [{"metric": "loss", "max": "1"}, {"metric": "loss"}],
      "metrics": [{"name": "loss", "regex": 7}, {"regex": "a ([0-9])"
  }],
      "resource_regex": 1,
      "final": "worst",
      "baseline": {"x": 2},
      "seed": -1,
      "surprise": true)json")) == expected);
  }
  SECTION("a wrong pattern hides no other mistake") {
    CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "los"}],
      "metrics": [{"name": "loss", "regex": "("}])")) ==
          Paths{"/metrics/0/regex", "/objectives/0/metric"});
  }
  SECTION("forms of seed, cost and final rule that do not exist") {
    for (const auto& [rest, path] : std::vector<std::pair<std::string, std::string>>{
             {R"("seconds")", "/cost"},
             {"3", "/cost"},
             {"{}", "/cost/metric"},
             {R"({"metric": ""})", "/cost/metric"},
             {R"({"metric": 1})", "/cost/metric"},
             {R"({"metric": "a", "unit": "b"})", "/cost/unit"}}) {
      CAPTURE(rest);
      CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "loss"}], "cost": )" + rest)) ==
            Paths{path});
    }
    for (const char* rest : {R"("seed": "x")", R"("seed": "-1")", R"("seed": 1.5)",
                             R"("seed": "18446744073709551616")"}) {
      CAPTURE(rest);
      CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "loss"}], )" + std::string(rest))) ==
            Paths{"/seed"});
    }
    for (const auto& [rest, path] : std::vector<std::pair<std::string, std::string>>{
             {R"({"mean_of_last": 0})", "/final/mean_of_last"},
             {R"({"mean_of_last": 1.5})", "/final/mean_of_last"},
             {R"({"mean_of_last": 9999999999})", "/final/mean_of_last"},
             {R"({"mean_of_last": 1, "more": 2})", "/final/more"},
             {R"({"mean": 1})", "/final"},
             {"{}", "/final"},
             {"null", "/final"},
             {"1", "/final"}}) {
      CAPTURE(rest);
      CHECK(paths_of_json(with(R"(, "objectives": [{"metric": "loss"}], "final": )" + rest)) ==
            Paths{path});
    }
  }
}

TEST_CASE("seeds for variety differ and survive any JSON reader") {
  const std::uint64_t a = random_seed();
  const std::uint64_t b = random_seed();
  CHECK(a != b);
  CHECK(a < (std::uint64_t{1} << 53U));
}
