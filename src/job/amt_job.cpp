#include "job/amt_job.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/numbers.hpp"
#include "job/amt_fields.hpp"
#include "job/amt_request.hpp"
#include "job/execution.hpp"
#include "job/max_resource.hpp"
#include "job/stopping_fields.hpp"
#include "job/warm_start.hpp"

namespace tunesmith {
namespace {

using amt::Part;
using amt::Range;

constexpr const char* own_block = "tunesmith";
/// BestObjectiveNotImproving: "failed to improve model performance by 1% or greater" (API
/// reference).
constexpr double least_improvement = 0.01;

bool is_json_string(const std::string& text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

bool is_framework_name(const std::string& name) {
  return name.rfind("sagemaker_", 0) == 0 || name == "_tuning_objective_metric";
}

void add_range(Space& space, const Range& range) {
  switch (range.kind) {
    case Range::Kind::integer:
      space.add_int(range.name, {.min = range.int_min, .max = range.int_max, .scale = range.scale});
      break;
    case Range::Kind::continuous:
      space.add_float(range.name, {.min = range.min, .max = range.max, .scale = range.scale});
      break;
    case Range::Kind::categorical:
      space.add_categorical(range.name,
                            std::vector<Value>(range.values.begin(), range.values.end()));
      break;
  }
}

class Mapper {
 public:
  Mapper(const Json& request, const std::string& base_folder)
      : root_(request, "", none_), base_folder_(base_folder) {}

  Job map() {
    const Part config = *root_.part("HyperParameterTuningJobConfig");
    job_.name = *root_.text("HyperParameterTuningJobName");
    map_config(config);
    if (const auto warm = root_.part("WarmStartConfig")) map_warm_start(*warm);
    if (root_.has("Autotune")) refuse("/Autotune", "Autotune");
    if (root_.has("TrainingJobDefinitions")) {
      refuse("/TrainingJobDefinitions", "several training job definitions in one job",
             "a single TrainingJobDefinition");
    }
    if (const auto definition = root_.part("TrainingJobDefinition")) {
      map_definition(config, *definition);
      if (config.text("Strategy") == "Hyperband") map_hyperband(config);
    }
    return std::move(job_);
  }

  /// After the "tunesmith" block and the caller's overrides: what is still missing for a run.
  static void check_channels(const Json& request, Job& job) {
    const std::vector<Mistake> none;
    const auto definition = Part(request, "", none).part("TrainingJobDefinition");
    if (!definition) return;
    for (const Part& channel : definition->items("InputDataConfig")) {
      const std::string name = *channel.text("ChannelName");
      if (job.executor.channels.count(name) > 0) continue;
      job.unsupported.push_back({channel.path(), "channel \"" + name + "\" has its data elsewhere",
                                 "--channel " + name + "=<local folder>"});
    }
  }

 private:
  void refuse(const std::string& path, const std::string& what, const std::string& allowed = {}) {
    job_.unsupported.push_back(
        {path, "this version cannot run " + what, allowed.empty() ? "left out" : allowed});
  }

  /// Both types: how far parents are trusted is judged by the trials.
  void map_warm_start(const Part& warm) {
    for (const Part& parent : warm.items("ParentHyperParameterTuningJobs")) {
      const std::string key = "HyperParameterTuningJobName";
      job_.warm_start.push_back(study_by_name(*parent.text(key), base_folder_, parent.path(key)));
    }
  }

  void map_config(const Part& config) {
    const std::string strategy = *config.text("Strategy");
    if (strategy == "Bayesian") job_.strategy.name = "bayesian";
    if (strategy == "Random") job_.strategy.name = "random";
    if (strategy == "Grid") job_.strategy.name = "grid";
    const Part limits = *config.part("ResourceLimits");
    job_.budget.max_trials = limits.integer("MaxNumberOfTrainingJobs");
    if (const auto seconds = limits.integer("MaxRuntimeInSeconds")) {
      job_.budget.max_time = Seconds(static_cast<double>(*seconds));
    }
    job_.max_parallel = static_cast<int>(
        std::min<std::int64_t>(*limits.integer("MaxParallelTrainingJobs"), INT32_MAX));
    job_.executor.max_parallel = job_.max_parallel;
    job_.problem.seed = static_cast<std::uint64_t>(config.integer("RandomSeed").value_or(0));
    if (config.text("TrainingJobEarlyStoppingType") == "Auto") {
      job_.stopping_rules.push_back({.name = "median"});
    }
    const auto criteria = config.part("TuningJobCompletionCriteria");
    if (!criteria) return;
    job_.budget.target = criteria->number("TargetObjectiveMetricValue");
    const auto stagnation = criteria->part("BestObjectiveNotImproving");
    if (const auto jobs = stagnation ? stagnation->integer("MaxNumberOfTrainingJobsNotImproving")
                                     : std::nullopt) {
      const Json options = {{"trials", std::min<std::int64_t>(*jobs, INT32_MAX)},
                            {"min_relative_change", least_improvement}};
      job_.stopping_rules.push_back({.name = "no_improvement", .options = json_text(options)});
    }
    const auto convergence = criteria->part("ConvergenceDetected");
    if (convergence && convergence->text("CompleteOnConvergence") == "Enabled") {
      job_.stopping_rules.push_back({.name = "convergence"});
    }
  }

  void map_definition(const Part& config, const Part& definition) {
    auto objective = config.part("HyperParameterTuningJobObjective");
    if (!objective) objective = definition.part("TuningObjective");
    const bool maximize = objective->text("Type") == "Maximize";
    job_.problem.objectives = {{.metric = *objective->text("MetricName"),
                                .goal = maximize ? Goal::maximize : Goal::minimize}};
    job_.problem.final_rule = {.value = FinalValue::last};
    const Part algorithm = *definition.part("AlgorithmSpecification");
    for (const Part& item : algorithm.items("MetricDefinitions")) {
      job_.problem.metrics.push_back({.name = *item.text("Name"), .regex = *item.text("Regex")});
    }
    map_parameters(config, definition);
    if (const auto seconds = definition.part("StoppingCondition")->integer("MaxRuntimeInSeconds")) {
      job_.executor.time_limit = Seconds(static_cast<double>(*seconds));
    }
    for (const Part::Text& entry : definition.texts("Environment")) {
      job_.executor.environment[entry.key] = entry.value;
    }
  }

  void map_hyperband(const Part& config) {
    Json options = Json::object();
    const auto strategy = config.part("StrategyConfig");
    const auto band = strategy ? strategy->part("HyperbandStrategyConfig") : std::nullopt;
    if (const auto min = band ? band->integer("MinResource") : std::nullopt) {
      options["min_resource"] = *min;
    }
    if (const auto max = band ? band->integer("MaxResource") : std::nullopt) {
      options["max_resource"] = *max;
    }
    options = with_max_resource("hyperband", std::move(options), job_.problem.space);
    job_.strategy = {.name = "hyperband", .options = json_text(options)};
  }

  void map_parameters(const Part& config, const Part& definition) {
    auto part = config.part("ParameterRanges");
    if (!part) part = definition.part("HyperParameterRanges");
    std::vector<Mistake> ignored;
    if (part) {
      for (const Range& range : amt::read_ranges(*part, false, ignored)) {
        add_range(job_.problem.space, range);
        const auto quoted = std::any_of(range.values.begin(), range.values.end(), is_json_string);
        job_.executor.json_values = job_.executor.json_values || quoted;
      }
    }
    for (const Part::Text& entry : definition.texts("StaticHyperParameters")) {
      const bool framework = is_framework_name(entry.key);
      if (framework || is_json_string(entry.value)) job_.executor.json_values = true;
      if (framework) {
        job_.executor.static_parameters[entry.key] = entry.value;
      } else {
        job_.problem.space.add_fixed(entry.key, entry.value);
      }
      if (entry.key == "sagemaker_program") map_program(entry.value);
    }
  }

  /// The entry point that SageMaker's framework containers run as `python <program>`.
  void map_program(std::string program) {
    if (is_json_string(program)) program = program.substr(1, program.size() - 2);
    const std::string ending = ".py";
    if (program.size() > ending.size() &&
        program.compare(program.size() - ending.size(), ending.size(), ending) == 0) {
      job_.executor.command = {"python3", program};
    }
  }

  const std::vector<Mistake> none_ = {};
  Part root_;
  std::string base_folder_;
  Job job_ = {};
};

/// Paths of the mapped problem as paths of the request.
std::string request_path(const std::string& path, const Part& root) {
  const std::string definition = "/TrainingJobDefinition";
  const std::string metrics = "/metrics/";
  if (path.rfind(metrics, 0) == 0) {
    const std::size_t end = path.find('/', metrics.size());
    const std::string key = end == std::string::npos       ? ""
                            : path.substr(end) == "/regex" ? "/Regex"
                            : path.substr(end) == "/name"  ? "/Name"
                                                           : path.substr(end);
    return definition + "/AlgorithmSpecification/MetricDefinitions/" +
           path.substr(metrics.size(), end == std::string::npos ? end : end - metrics.size()) + key;
  }
  if (path.rfind("/parameters/", 0) == 0) {
    const auto config = root.part("HyperParameterTuningJobConfig");
    return config->has("ParameterRanges") ? config->path("ParameterRanges")
                                          : definition + "/HyperParameterRanges";
  }
  return "";
}

/// The patterns of the metric definitions that are otherwise good, in every definition.
void check_patterns(const Json& request, std::vector<Mistake>& mistakes) {
  const std::vector<Mistake> before = mistakes;
  const Part root(request, "", before);
  std::vector<Part> definitions = root.items("TrainingJobDefinitions");
  if (const auto single = root.part("TrainingJobDefinition")) definitions.push_back(*single);
  for (const Part& definition : definitions) {
    const auto algorithm = definition.part("AlgorithmSpecification");
    if (!algorithm) continue;
    for (const Part& item : algorithm->items("MetricDefinitions")) {
      const auto regex = item.text("Regex");
      if (!regex) continue;
      for (const Mistake& mistake :
           validate(ExtractionOptions{.metrics = {{.name = "metric", .regex = *regex}}})) {
        mistakes.push_back({item.path("Regex"), mistake.what, mistake.allowed});
      }
    }
  }
}

}  // namespace

bool is_amt_request(const Json& json) {
  return json.is_object() && (json.contains("HyperParameterTuningJobName") ||
                              json.contains("HyperParameterTuningJobConfig"));
}

Job read_amt_job(const Json& json, const JobOptions& options, std::vector<Mistake>& mistakes) {
  // The service does not know our block; without `strict_amt` it is read apart from the request.
  Json request = json;
  Json block = Json::object();
  const bool has_block = !options.strict_amt && json.contains(own_block);
  if (has_block) {
    block = json[own_block];
    request.erase(own_block);
  }
  amt::check_structure(amt::request_fields(), request, "", options.strict_amt, mistakes);
  check_patterns(request, mistakes);
  amt::check_rules(request, options.strict_amt, mistakes);
  const bool usable = mistakes.empty();
  Job job = usable ? Mapper(request, options.base_folder).map() : Job{};
  if (usable) {
    const std::vector<Mistake> none;
    const Part root(request, "", none);
    const bool whole = !request.contains("TrainingJobDefinitions") && !request.contains("Autotune");
    if (whole) {
      for (const Mistake& mistake : validate(job.problem)) {
        mistakes.push_back({request_path(mistake.path, root), mistake.what, mistake.allowed});
      }
    }
  }
  if (has_block) {
    ObjectReader reader(block, "/" + std::string(own_block), mistakes);
    if (reader.is_object()) {
      read_stopping(reader, options.base_folder, job, mistakes);
      read_execution(reader, options.base_folder, job, mistakes);
      reader.finish();
    }
  }
  apply_overrides(options, job);
  if (usable) Mapper::check_channels(request, job);
  return job;
}

}  // namespace tunesmith
