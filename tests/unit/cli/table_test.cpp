#include "cli/table.hpp"

#include <limits>

#include "core/json.hpp"
#include "support/catch.hpp"
#include "views.hpp"

namespace tunesmith::cli {
namespace {

Study sample() {
  Study study = test::study_of(0, "");
  Problem problem;
  problem.space.add_float("lr", {.min = 0, .max = 1}).add_categorical("opt", {"a,b", "say \"x\""});
  problem.objectives = {{.metric = "loss"}};
  study = Study({.name = "sample", .problem = problem, .search = random_search()});
  study.enqueue({{"lr", 0.1}, {"opt", "a,b"}});
  study.enqueue({{"lr", 1.0 / 3}, {"opt", "say \"x\""}});
  const TrialRun first = *study.ask();
  study.report(first, 1, {{"loss", std::numeric_limits<double>::quiet_NaN()}});
  study.tell(first, Metrics{{"loss", 0.5}, {"time", 3}});
  study.fail(*study.ask(), "exit status 1");
  return study;
}

}  // namespace

TEST_CASE("table: CSV keeps numbers exact and quotes what needs it") {
  const std::string csv = trials_csv(sample().view());
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find("\r\n", at);
    lines.push_back(csv.substr(at, end - at));
    at = end + 2;
  }
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] ==
        "trial,state,origin,attempt,started,ended,metrics.loss,metrics.time,parameters.lr,"
        "parameters.opt,reason");
  CHECK(lines[1].rfind("0,completed,enqueued,1,", 0) == 0);
  CHECK(lines[1].find(",0.5,3,0.1,\"a,b\",") != std::string::npos);
  CHECK(lines[2].find(",,,0.3333333333333333,\"say \"\"x\"\"\",exit status 1") !=
        std::string::npos);
}

TEST_CASE("table: JSON has everything, with NaN as a text") {
  std::vector<Mistake> mistakes;
  const Json list = parse_json(trials_json(sample().view()), mistakes);
  CHECK(mistakes.empty());
  REQUIRE(list.size() == 2);
  CHECK(list[0]["configuration"]["opt"] == "a,b");
  CHECK(list[0]["metrics"]["loss"] == 0.5);
  CHECK(list[0]["reports"][0]["metrics"]["loss"] == "nan");
  CHECK(list[1]["state"] == "failed");
  CHECK(list[1]["reason"] == "exit status 1");
}

TEST_CASE("table: for people") {
  const std::string table = trials_table(sample().view());
  CHECK(table.rfind("trial  state", 0) == 0);
  CHECK(table.find("exit status 1\n") != std::string::npos);
}

}  // namespace tunesmith::cli
