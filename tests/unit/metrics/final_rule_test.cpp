#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tunesmith/metrics.hpp"

using tunesmith::final_report;
using tunesmith::FinalRule;
using tunesmith::FinalValue;
using tunesmith::MetricReport;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

const std::vector<MetricReport> curve = {
    {1, {{"loss", 3}, {"acc", 0.1}}},
    {2, {{"loss", 1}, {"acc", 0.4}}},
    {3, {{"loss", 1}, {"acc", 0.3}}},
    {4, {{"loss", 2}, {"acc", 0.9}}},
    {5, {{"acc", 0.5}}},  // no loss: not looked at
};

MetricReport pick(const std::vector<MetricReport>& reports, FinalRule rule, bool larger = false) {
  const auto report = final_report(reports, rule, "loss", larger);
  REQUIRE(report);
  return *report;
}

}  // namespace

TEST_CASE("all metrics come from the one level that the rule picks") {
  CHECK(pick(curve, {}) == curve[3]);
  CHECK(pick(curve, {FinalValue::last}) == curve[3]);
  CHECK(pick(curve, {FinalValue::first}) == curve[0]);
  CHECK(pick(curve, {FinalValue::best}) == curve[1]);
  CHECK(pick(curve, {FinalValue::best}, true) == curve[0]);
  const MetricReport mean = pick(curve, {FinalValue::mean_of_last, 2});
  CHECK(mean.resource == 4);
  CHECK(mean.metrics.at("loss") == 1.5);
  CHECK(mean.metrics.at("acc") == Approx(0.6));
  CHECK(pick(curve, {FinalValue::mean_of_last, 1}) == curve[3]);
  CHECK(pick(curve, {FinalValue::mean_of_last, 100}).metrics.at("loss") == 1.75);
}

TEST_CASE("no level has the metric") {
  CHECK_FALSE(final_report({}, {}, "loss", false));
  CHECK_FALSE(final_report(curve, {}, "Loss", false));
}

TEST_CASE("reports of a level are put together, the later one replacing") {
  const std::vector<MetricReport> reports = {
      {2, {{"loss", 5}}}, {1, {{"loss", 4}}}, {2, {{"acc", 0.5}}}, {2, {{"loss", 6}}}};
  CHECK(pick(reports, {}) == MetricReport{2, {{"loss", 6}, {"acc", 0.5}}});
  CHECK(pick(reports, {FinalValue::first}) == MetricReport{1, {{"loss", 4}}});
}

TEST_CASE("NaN and infinities are final values, but never the best ones") {
  const std::vector<MetricReport> diverged = {{1, {{"loss", inf}}},
                                              {2, {{"loss", 1}}},
                                              {3, {{"loss", -inf}}},
                                              {4, {{"loss", not_a_number}}}};
  CHECK(std::isnan(pick(diverged, {FinalValue::last}).metrics.at("loss")));
  CHECK(pick(diverged, {FinalValue::first}).metrics.at("loss") == inf);
  CHECK(pick(diverged, {FinalValue::best}, false).resource == 2);
  CHECK(pick(diverged, {FinalValue::best}, true).resource == 2);
  CHECK(std::isnan(pick(diverged, {FinalValue::mean_of_last, 2}).metrics.at("loss")));
  const std::vector<MetricReport> hopeless = {{1, {{"loss", inf}}}, {2, {{"loss", not_a_number}}}};
  CHECK(pick(hopeless, {FinalValue::best}).resource == 2);
}

TEST_CASE("the mean of a metric that some levels lack is over those that have it") {
  const std::vector<MetricReport> reports = {{1, {{"loss", 1}, {"acc", 0.5}}}, {2, {{"loss", 3}}}};
  const MetricReport mean = pick(reports, {FinalValue::mean_of_last, 2});
  CHECK(mean.metrics.at("loss") == 2);
  CHECK(mean.metrics.at("acc") == 0.5);
}

TEST_CASE("the words of the final values") {
  CHECK(std::string(to_string(FinalValue::last)) == "last");
  CHECK(std::string(to_string(FinalValue::first)) == "first");
  CHECK(std::string(to_string(FinalValue::best)) == "best");
  CHECK(std::string(to_string(FinalValue::mean_of_last)) == "mean_of_last");
}
