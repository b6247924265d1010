#include "job/own_job.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "job/execution.hpp"
#include "job/max_resource.hpp"
#include "job/plugin_choice.hpp"
#include "job/stopping_fields.hpp"
#include "job/warm_start.hpp"
#include "trial/budget_json.hpp"
#include "trial/problem_json.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {
namespace {

constexpr const char* metrics_words = R"(at least one {"name": …, "regex": …})";

void read_name(ObjectReader& reader, Job& job) {
  const Json* field = reader.require("name", job_name_words);
  if (field == nullptr) return;
  const auto name = reader.text("name");
  if (!name) return;
  if (!is_job_name(*name)) reader.mistake("name", "is " + json_excerpt(*field), job_name_words);
  job.name = *name;
}

/// The choice of a strategy with its highest level, where that follows from the job's epochs.
Json with_epochs(const Json& choice, const Space& space) {
  Json object = Json::object();
  if (choice.is_object()) object = choice;
  if (choice.is_string()) object["name"] = choice;
  const auto field = object.find("name");
  if (field == object.end() || !field->is_string()) return choice;
  const std::string name = field->get<std::string>();
  object = with_max_resource(name, std::move(object), space);
  return object.size() > 1 ? object : choice;
}

void read_plugins(ObjectReader& reader, Job& job, std::vector<Mistake>& mistakes) {
  if (const Json* field = reader.find("strategy")) {
    const auto check = [](const PluginChoice& choice) { make_search(choice.name, choice.options); };
    read_plugin_choice(with_epochs(*field, job.problem.space), reader.path("strategy"),
                       search_strategies(), check, job.strategy, mistakes);
  }
  if (const Json* field = reader.find("executor")) {
    const auto check = [](const PluginChoice& choice) {
      make_executor_factory(choice.name, choice.options);
    };
    read_plugin_choice(*field, reader.path("executor"), executors(), check, job.executor_choice,
                       mistakes);
  }
}

void read_limits(ObjectReader& reader, Job& job, std::vector<Mistake>& mistakes) {
  if (const Json* field = reader.find("budget")) {
    ObjectReader budget(*field, reader.path("budget"), mistakes);
    if (budget.is_object()) {
      read_budget(budget, job.budget);
      budget.finish();
    }
  }
  if (const auto parallel = reader.integer("max_parallel", 1, INT32_MAX)) {
    job.max_parallel = static_cast<int>(*parallel);
  }
  job.executor.max_parallel = job.max_parallel;
}

/// A grid has no end where a parameter has infinitely many values.
void check_grid(const Job& job, std::vector<Mistake>& mistakes) {
  if (job.strategy.name != "grid") return;
  for (const Parameter& parameter : job.problem.space.parameters()) {
    if (parameter.cardinality()) continue;
    mistakes.push_back({"/parameters" + pointer_step(parameter.name),
                        "has infinitely many values, but the strategy is \"grid\"",
                        "a \"step\", or \"values\" to choose from"});
  }
}

void check_cost_known(const Job& job, std::vector<Mistake>& mistakes) {
  if (job.budget.max_cost && !job.problem.cost)
    mistakes.push_back(
        {"/budget/max_cost", "stands in a job without \"cost\"", "\"cost\": what a trial costs"});
}

/// A job with one "objective" as one with a list of "objectives".
Json with_objectives(const Json& json) {
  Json list = json;
  list["objectives"] = Json::array({json.at("objective")});
  list.erase("objective");
  return list;
}

/// Paths of with_objectives as paths of the job as it was written.
void name_objective(std::vector<Mistake>& mistakes, std::size_t from) {
  const std::string listed = "/objectives/0";
  std::vector<Mistake> renamed(mistakes.begin() + static_cast<std::ptrdiff_t>(from),
                               mistakes.end());
  mistakes.resize(from);
  for (Mistake& mistake : renamed) {
    if (mistake.path.starts_with(listed)) {
      mistake.path = "/objective" + mistake.path.substr(listed.size());
      // Text that could not be read has been told of under this name.
      const auto told = [&](const Mistake& other) {
        return (mistake.path + "/").starts_with(other.path + "/");
      };
      if (std::any_of(mistakes.begin(), mistakes.end(), told)) continue;
    } else if (mistake.path == "/objectives") {
      mistake = {"/objective", "is missing", R"({"metric": <name>, "goal": "minimize"})"};
    }
    mistakes.push_back(std::move(mistake));
  }
}

void read_job_problem(const Json& json, ObjectReader& reader, Job& job,
                      std::vector<Mistake>& mistakes) {
  const bool one = reader.has("objective");
  const bool list = reader.has("objectives");
  reader.find("objective");
  if (one && list) {
    reader.mistake("objective", "stands beside \"objectives\"", "one of the two");
  }
  const Json stand_in = one && !list ? with_objectives(json) : json;
  const std::size_t before = mistakes.size();
  ObjectReader problem(stand_in, "", mistakes);
  read_problem(problem, job.problem, mistakes);
  if (!list) name_objective(mistakes, before);
  const Json* metrics = reader.require("metrics", metrics_words);
  if (metrics != nullptr && metrics->is_array() && metrics->empty()) {
    reader.mistake("metrics", "is empty", metrics_words);
  }
  const Json* parameters = reader.find("parameters");
  if (parameters != nullptr && parameters->is_object() && parameters->empty()) {
    reader.mistake("parameters", "is empty", "at least one parameter to tune");
  }
  for (const char* key : {"constraints", "objectives", "outcome_constraints", "resource_regex",
                          "final", "baseline", "cost", "seed"}) {
    reader.find(key);
  }
}

}  // namespace

Job read_own_job(const Json& json, const JobOptions& options, std::vector<Mistake>& mistakes) {
  Job job;
  ObjectReader reader(json, "", mistakes);
  if (!reader.is_object()) return job;
  read_name(reader, job);
  reader.text("description");
  const std::size_t before = mistakes.size();
  read_job_problem(json, reader, job, mistakes);
  const bool problem_is_good = mistakes.size() == before;
  read_plugins(reader, job, mistakes);
  read_limits(reader, job, mistakes);
  read_stopping(reader, options.base_folder, job, mistakes);
  read_execution(reader, options.base_folder, job, mistakes);
  read_warm_start(reader, options.base_folder, job, mistakes);
  if (problem_is_good) {
    check_grid(job, mistakes);
    check_cost_known(job, mistakes);
  }
  // Editors take the schema of a file from this key.
  reader.text("$schema");
  reader.finish();
  return job;
}

}  // namespace tunesmith
