#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/simulated_executor.hpp"

namespace tunesmith {
namespace {

Space space() {
  Space made;
  made.add_float("lr", {.min = 1e-4, .max = 1, .scale = Scale::log})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("momentum", {.min = 0, .max = 1, .when = {{"optimizer", {"sgd"}}}});
  return made;
}

Configuration adam(double lr) { return {{"lr", lr}, {"optimizer", std::string("adam")}}; }
Configuration sgd(double lr, double momentum) {
  return {{"lr", lr}, {"optimizer", std::string("sgd")}, {"momentum", momentum}};
}

std::vector<std::string> paths_of(const std::string& text) {
  try {
    RecordedCurves::from_json_lines(space(), text);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    std::vector<std::string> paths;
    for (const Mistake& mistake : error.mistakes()) paths.push_back(mistake.path);
    return paths;
  }
  return {};
}

const std::string good =
    R"({"parameters": {"lr": 0.1, "optimizer": "adam"}, "level": 1, "seconds": 2, "metrics": {"loss": 3}})";

}  // namespace

TEST_CASE("a configuration is answered by its nearest neighbour in the scaled cube") {
  const auto recorded = [](Configuration configuration) {
    return RecordedTrial{.configuration = std::move(configuration)};
  };
  const RecordedCurves curves(space(), {recorded(adam(1e-3)), recorded(adam(1)),
                                        recorded(sgd(1e-4, 0)), recorded(sgd(1e-4, 1))});
  const auto nearest = [&](const Configuration& configuration) {
    return &curves.nearest(configuration) - curves.trials().data();
  };
  CHECK(nearest(adam(1e-3)) == 0);
  CHECK(nearest(adam(0.02)) == 0);  // on a linear scale also far nearer, on the log one just so
  CHECK(nearest(adam(0.05)) == 1);
  CHECK(nearest(sgd(1e-3, 0.4)) == 2);
  CHECK(nearest(sgd(0.1, 0.6)) == 3);
  CHECK_THROWS_AS(curves.nearest(adam(2)), Error);
}

TEST_CASE("another choice is as far as the whole range of a number") {
  Space choices;
  choices.add_categorical("kind", {"a", "b", "c"}).add_float("x", {.min = 0, .max = 1});
  const RecordedCurves curves(choices,
                              {{.configuration = {{"kind", std::string("a")}, {"x", 0.0}}},
                               {.configuration = {{"kind", std::string("c")}, {"x", 0.9}}}});
  CHECK(curves.nearest({{"kind", std::string("a")}, {"x", 0.9}}).configuration.number("x") == 0);
  CHECK(curves.nearest({{"kind", std::string("b")}, {"x", 0.9}}).configuration.number("x") == 0.9);
}

TEST_CASE("curves are read from JSON lines") {
  const std::string text =
      R"({"parameters": {"lr": 0.1, "optimizer": "adam"}, "level": 1, "seconds": 2, "metrics": {"loss": 3}}
{"parameters": {"lr": 0.01, "optimizer": "sgd", "momentum": 1}, "level": 2, "seconds": 9, "metrics": {"loss": "nan"}}

{"parameters": {"lr": 0.1, "optimizer": "adam"}, "level": 3, "seconds": 4.5, "metrics": {"loss": 1, "error": 0.5}})"
      "\r\n";
  const RecordedCurves curves = RecordedCurves::from_json_lines(space(), text);
  REQUIRE(curves.trials().size() == 2);
  const auto& reports = curves.trials()[0].curve.reports;
  REQUIRE(reports.size() == 2);
  CHECK(reports[0] == SimulatedReport{1, Seconds(2), {{"loss", 3.0}}});
  CHECK(reports[1] == SimulatedReport{3, Seconds(4.5), {{"loss", 1.0}, {"error", 0.5}}});
  CHECK(curves.trials()[1].configuration == sgd(0.01, 1));
  CHECK(std::isnan(curves.trials()[1].curve.reports[0].metrics.at("loss")));
  CHECK(curves.objective()(sgd(0.02, 0.9)).reports.size() == 1);
}

TEST_CASE("every mistake of a file of curves is named with its line") {
  CHECK_THROWS_AS(RecordedCurves::from_json_lines(space(), "\n\n"), Error);
  CHECK(paths_of(good + "\n" + good) == std::vector<std::string>{"/2"});
  CHECK(paths_of("{\n" + good).size() == 1);
  CHECK(
      paths_of(
          good + "\n" +
          R"({"parameters": {"lr": 7, "optimizer": "adam"}, "level": 1, "seconds": 1, "metrics": {}}
{"parameters": {"lr": 0.5, "optimizer": "adam"}, "level": "one", "seconds": -1, "metrics": {"loss": true}}
{"parameters": {"lr": 0.1, "optimizer": "adam"}, "level": 2, "seconds": 1, "metrics": {}}
{"level": 2, "seconds": 1, "metrics": {}, "metric": 1})") ==
      std::vector<std::string>{"/2/parameters/lr", "/3/level", "/3/seconds", "/3/metrics/loss",
                               "/4", "/5/parameters", "/5/metric"});
}

}  // namespace tunesmith
