#include <map>

#include "core/random.hpp"
#include "rule_course.hpp"

namespace tunesmith {
namespace {

using test::RuleCourse;

/// Options of rules that cannot do without.
std::string needed_options(const std::string& rule) {
  static const std::map<std::string, std::string> needed = {
      {"threshold", R"({"upper": 1.4})"},
      {"overfit", R"({"train_metric": "train"})"},
      {"vanishing_gradient", R"({"metric": "loss"})"},
      {"dead_relu", R"({"metric": "loss", "threshold_layer": 1.4})"},
      {"saturated_activation", R"({"metric": "loss", "threshold_layer": 1.4})"}};
  const auto found = needed.find(rule);
  return found == needed.end() ? "{}" : found->second;
}

std::vector<Mistake> mistakes(const std::string& name, const std::string& options) {
  try {
    make_stopping_rule(name, options);
  } catch (const Error& error) {
    return error.mistakes();
  }
  return {};
}

/// The trials that a rule stops in a course of crooked curves, at what level.
std::vector<std::pair<TrialId, int>> stops(const std::string& rule, Goal goal, bool twice) {
  RuleCourse course(make_stopping_rule(rule, needed_options(rule)), test::loss_problem(goal));
  const double sign = goal == Goal::minimize ? 1 : -1;
  RandomStream dice(5, 0, "mirror");
  std::vector<std::pair<TrialId, int>> found;
  for (int i = 0; i < 30; ++i) {
    const TrialId trial = course.begin();
    const double end = dice.uniform();
    for (int level = 1; level <= 25; ++level) {
      const double value = sign * (end + 1.0 / level + 0.1 * dice.normal());
      course.report(trial, level, sign * (end / 2 + 1.0 / level), "train");
      if (twice) course.report(trial, level, value);
      if (!course.report(trial, level, value).empty()) found.emplace_back(trial, level);
    }
    course.end(trial);
  }
  return found;
}

}  // namespace

TEST_CASE("stopping rules: maximising the negative is minimising") {
  for (const char* rule :
       {"median", "percentile", "patience", "extrapolation", "wilcoxon", "loss_not_decreasing",
        "overfit", "overtraining", "exploding_tensor", "vanishing_gradient"}) {
    CAPTURE(rule);
    CHECK(stops(rule, Goal::minimize, false) == stops(rule, Goal::maximize, false));
  }
}

TEST_CASE("stopping rules: a level that is reported again counts once") {
  for (const PluginInfo& rule : stopping_rules()) {
    CAPTURE(rule.name);
    CHECK(stops(rule.name, Goal::minimize, false) == stops(rule.name, Goal::minimize, true));
  }
  CHECK(stops("median", Goal::minimize, false).size() > 50);
  CHECK(stops("extrapolation", Goal::minimize, false).size() > 50);
  CHECK(stops("wilcoxon", Goal::minimize, false).size() > 50);
}

TEST_CASE("stopping rules: options of every kind are read, and shown with their defaults") {
  for (const PluginInfo& rule : stopping_rules()) {
    CAPTURE(rule.name);
    CHECK(mistakes(rule.name, needed_options(rule.name)).empty());
    CHECK_FALSE(rule.summary.empty());
    for (const OptionInfo& option : rule.options) {
      CAPTURE(option.name);
      CHECK_FALSE(option.text.empty());
      // Neither text, number nor bool.
      const auto found = mistakes(rule.name, R"({")" + option.name + R"(": [1]})");
      CHECK(std::count_if(found.begin(), found.end(), [&](const Mistake& mistake) {
              return mistake.path == "/" + option.name;
            }) == 1);
    }
  }
  CHECK(mistakes("stalled_training", R"({"threshold": 60, "action": "notify"})").empty());
  CHECK(mistakes("exploding_tensor", R"({"only_nan": true, "threshold": 3.5})").empty());
}

TEST_CASE("stopping rules: as many mistakes as were made") {
  const auto wrong = mistakes(
      "overfit",
      R"({"train_metric": 3, "patience": 0, "ratio_threshold": "x", "action": "mail", "levels": 3})");
  std::vector<std::string> paths;
  for (const Mistake& mistake : wrong) paths.push_back(mistake.path);
  std::sort(paths.begin(), paths.end());
  CHECK(paths == std::vector<std::string>{"/action", "/levels", "/patience", "/ratio_threshold",
                                          "/train_metric"});
  CHECK(mistakes("overfit", "{}").size() == 1);
}

}  // namespace tunesmith
