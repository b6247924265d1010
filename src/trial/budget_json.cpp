#include "trial/budget_json.hpp"

#include <cmath>
#include <string>

#include "core/numbers.hpp"

namespace tunesmith {
namespace {

constexpr const char* max_trials_allowed = "an integer of at least 1";
constexpr const char* max_cost_allowed = "a number greater than 0";
constexpr const char* max_time_allowed = "a number of seconds greater than 0";

}  // namespace

void read_budget(ObjectReader& reader, Budget& budget) {
  budget.max_trials = reader.integer("max_trials", 1);
  if (const auto seconds = reader.number("max_time")) {
    if (*seconds > 0) {
      budget.max_time = Seconds(*seconds);
    } else {
      reader.mistake("max_time", "is " + number_text(*seconds), max_time_allowed);
    }
  }
  budget.target = reader.number("target");
  if (const auto failures = reader.integer("max_failures_in_a_row", 1, INT32_MAX)) {
    budget.max_failures_in_a_row = static_cast<int>(*failures);
  }
  if (const auto cost = reader.number("max_cost")) {
    if (*cost > 0) {
      budget.max_cost = *cost;
    } else {
      reader.mistake("max_cost", "is " + number_text(*cost), max_cost_allowed);
    }
  }
}

Json write_budget(const Budget& budget) {
  Json json = Json::object();
  if (budget.max_trials) json["max_trials"] = *budget.max_trials;
  if (budget.max_time) json["max_time"] = budget.max_time->count();
  if (budget.target) json["target"] = *budget.target;
  if (budget.max_failures_in_a_row) json["max_failures_in_a_row"] = *budget.max_failures_in_a_row;
  if (budget.max_cost) json["max_cost"] = *budget.max_cost;
  return json;
}

std::vector<Mistake> validate(const Budget& budget) {
  std::vector<Mistake> mistakes;
  if (budget.max_trials && *budget.max_trials < 1) {
    mistakes.push_back(
        {"/max_trials", "is " + std::to_string(*budget.max_trials), max_trials_allowed});
  }
  if (budget.max_time &&
      !(budget.max_time->count() > 0 && std::isfinite(budget.max_time->count()))) {
    mistakes.push_back(
        {"/max_time", "is " + number_text(budget.max_time->count()), max_time_allowed});
  }
  if (budget.target && !std::isfinite(*budget.target)) {
    mistakes.push_back({"/target", "is " + number_text(*budget.target), "a finite number"});
  }
  if (budget.max_failures_in_a_row && *budget.max_failures_in_a_row < 1) {
    mistakes.push_back({"/max_failures_in_a_row",
                        "is " + std::to_string(*budget.max_failures_in_a_row), max_trials_allowed});
  }
  if (budget.max_cost && !(*budget.max_cost > 0 && std::isfinite(*budget.max_cost))) {
    mistakes.push_back({"/max_cost", "is " + number_text(*budget.max_cost), max_cost_allowed});
  }
  return mistakes;
}

}  // namespace tunesmith
