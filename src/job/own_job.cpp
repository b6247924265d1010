#include "job/own_job.hpp"

#include <algorithm>
#include <string>

#include "job/execution.hpp"
#include "trial/budget_json.hpp"
#include "trial/problem_json.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {
namespace {

void read_name(ObjectReader& reader, Job& job) {
  const Json* field = reader.require("name", job_name_words);
  if (field == nullptr) return;
  const auto name = reader.text("name");
  if (!name) return;
  if (!is_job_name(*name)) reader.mistake("name", "is " + json_excerpt(*field), job_name_words);
  job.name = *name;
}

/// "bayesian", or {"name": "bayesian", "<option>": …}.
void read_strategy(ObjectReader& reader, Job& job, std::vector<Mistake>& mistakes) {
  const Json* field = reader.find("strategy");
  if (field == nullptr) return;
  std::vector<std::string> names;
  std::string allowed = "one of";
  for (const PluginInfo& info : search_strategies()) {
    names.push_back(info.name);
    allowed += " \"" + info.name + "\"";
  }
  const std::string path = reader.path("strategy");
  const Json* name = field;
  std::string name_path = path;
  if (field->is_object()) {
    const auto it = field->find("name");
    name_path += "/name";
    if (it == field->end()) {
      mistakes.push_back({name_path, "is missing", allowed});
      return;
    }
    name = &*it;
  }
  if (name->is_discarded()) return;
  if (!name->is_string()) {
    mistakes.push_back({name_path, "is " + json_kind(*name) + " (" + json_excerpt(*name) + ")",
                        field->is_object() ? allowed : allowed + ", or an object with \"name\""});
    return;
  }
  const auto word = name->get<std::string>();
  if (std::find(names.begin(), names.end(), word) == names.end()) {
    const std::string guess = closest(word, names);
    mistakes.push_back(
        {name_path,
         "is " + json_excerpt(*name) + (guess.empty() ? "" : "; did you mean \"" + guess + "\"?"),
         allowed});
    return;
  }
  job.strategy = word;
  if (!field->is_object()) return;
  Json strategy_options = *field;
  strategy_options.erase("name");
  job.strategy_options = json_text(strategy_options);
  try {
    make_search(job.strategy, job.strategy_options);
  } catch (const Error& error) {
    for (Mistake mistake : error.mistakes()) {
      mistake.path = path + mistake.path;
      mistakes.push_back(std::move(mistake));
    }
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
  if (job.strategy != "grid") return;
  for (const Parameter& parameter : job.problem.space.parameters()) {
    if (parameter.cardinality()) continue;
    mistakes.push_back({"/parameters" + pointer_step(parameter.name),
                        "has infinitely many values, but the strategy is \"grid\"",
                        "a \"step\", or \"values\" to choose from"});
  }
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
  for (std::size_t i = from; i < mistakes.size(); ++i) {
    std::string& path = mistakes[i].path;
    if (path.rfind(listed, 0) == 0) {
      path = "/objective" + path.substr(listed.size());
    } else if (path == "/objectives") {
      mistakes[i] = {"/objective", "is missing", R"({"metric": <name>, "goal": "minimize"})"};
    }
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
  const Json* metrics = reader.array("metrics");
  if (!reader.has("metrics") || (metrics != nullptr && metrics->empty())) {
    reader.mistake("metrics", reader.has("metrics") ? "is empty" : "is missing",
                   "at least one {\"name\": …, \"regex\": …}");
  }
  for (const char* key : {"parameters", "constraints", "objectives", "outcome_constraints",
                          "resource_regex", "final", "baseline", "seed"}) {
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
  read_strategy(reader, job, mistakes);
  read_limits(reader, job, mistakes);
  read_execution(reader, options.base_folder, job, mistakes);
  if (problem_is_good) check_grid(job, mistakes);
  // Editors take the schema of a file from this key.
  reader.text("$schema");
  reader.finish();
  return job;
}

}  // namespace tunesmith
