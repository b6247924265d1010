#include <algorithm>
#include <numeric>
#include <set>

#include "core/numbers.hpp"
#include "job/amt_request.hpp"

namespace tunesmith::amt {
namespace {

constexpr std::string_view config_key = "HyperParameterTuningJobConfig";

class Rules {
 public:
  Rules(const Json& request, bool strict, const std::vector<Mistake>& structure)
      : root_(request, "", structure), strict_(strict) {}

  std::vector<Mistake> run() {
    const bool single = root_.has("TrainingJobDefinition");
    const bool several = root_.has("TrainingJobDefinitions");
    config_ = root_.part(config_key);
    check_name();
    if (single && several) {
      note("/TrainingJobDefinition", "stands beside TrainingJobDefinitions", "one of the two");
    } else if (!single && !several) {
      note("/TrainingJobDefinition", "is missing",
           "TrainingJobDefinition, or TrainingJobDefinitions for several");
    }
    check_config();
    const auto definition = root_.part("TrainingJobDefinition");
    const std::vector<Part> definitions = root_.items("TrainingJobDefinitions");
    if (definition) check_definition(*definition);
    for (const Part& part : definitions) check_definition(part);
    check_environment(definition, definitions);
    if (single && !several && definition && config_) check_single(*definition);
    if (several && !single) check_several(definitions);
    return std::move(found_);
  }

 private:
  void note(std::string path, std::string what, std::string allowed = "") {
    found_.push_back({std::move(path), std::move(what), std::move(allowed)});
  }

  std::optional<std::string> strategy() const {
    return config_ ? config_->text("Strategy") : std::nullopt;
  }
  std::optional<Part> limits() const {
    return config_ ? config_->part("ResourceLimits") : std::nullopt;
  }
  std::optional<std::int64_t> max_jobs() const {
    const auto part = limits();
    return part ? part->integer("MaxNumberOfTrainingJobs") : std::nullopt;
  }

  /// The name becomes a folder's; the service's own limit is 32.
  void check_name() {
    const auto name = root_.text("HyperParameterTuningJobName");
    if (name && name->size() > 100) {
      note("/HyperParameterTuningJobName",
           "is " + std::to_string(name->size()) + " characters long", "at most 100 characters");
    }
  }

  void check_config() {
    if (!config_) return;
    const auto name = strategy();
    const bool hyperband = name == "Hyperband";
    if (config_->has("StrategyConfig") && name && !hyperband) {
      note(config_->path("StrategyConfig"), "is for the strategy Hyperband only",
           "left out with " + *name);
    }
    if (hyperband && config_->text("TrainingJobEarlyStoppingType") == "Auto") {
      note(config_->path("TrainingJobEarlyStoppingType"),
           "is \"Auto\", but Hyperband stops jobs by itself", "\"Off\"");
    }
    if (strict_) check_quotas();
  }

  /// Quotas of the service (developer guide, "Hyperparameter Tuning Limits"), raised as far as they
  /// can be.
  void check_quotas() {
    const auto part = limits();
    if (!part) return;
    if (part->integer("MaxParallelTrainingJobs").value_or(0) > 100) {
      note(part->path("MaxParallelTrainingJobs"), "is above the service's quota", "at most 100");
    }
    const std::int64_t most = strategy() == "Random" ? 10000 : 750;
    if (max_jobs().value_or(0) > most) {
      note(part->path("MaxNumberOfTrainingJobs"), "is above the service's quota",
           "at most " + std::to_string(most));
    }
  }

  /// What concerns one definition alone.
  void check_definition(const Part& definition) {
    if (const auto algorithm = definition.part("AlgorithmSpecification")) {
      const bool image = algorithm->has("TrainingImage");
      const bool named = algorithm->has("AlgorithmName");
      if (image && named) {
        note(algorithm->path("AlgorithmName"), "stands beside TrainingImage", "one of the two");
      } else if (!image && !named) {
        note(algorithm->path("TrainingImage"), "is missing", "TrainingImage or AlgorithmName");
      }
      check_unique(*algorithm, "MetricDefinitions", "Name");
    }
    check_unique(definition, "InputDataConfig", "ChannelName");
    for (const Part& channel : definition.items("InputDataConfig")) {
      const auto source = channel.part("DataSource");
      if (!source) continue;
      const int given = source->has("S3DataSource") + source->has("FileSystemDataSource") +
                        source->has("DatasetSource");
      if (given != 1) {
        note(source->path(), given == 0 ? "names no source" : "names several sources",
             "one of S3DataSource, FileSystemDataSource, DatasetSource");
      }
    }
    const bool direct = definition.has("ResourceConfig");
    const bool listed = definition.has("HyperParameterTuningResourceConfig");
    if (direct && listed) {
      note(definition.path("HyperParameterTuningResourceConfig"), "stands beside ResourceConfig",
           "one of the two");
    } else if (!direct && !listed) {
      note(definition.path("ResourceConfig"), "is missing",
           "ResourceConfig or HyperParameterTuningResourceConfig");
    }
    check_stopping(definition);
  }

  void check_unique(const Part& owner, std::string_view list, std::string_view key) {
    std::set<std::string> names;
    for (const Part& item : owner.items(list)) {
      const auto name = item.text(key);
      if (name && !names.insert(*name).second) {
        note(item.path(key), "is \"" + *name + "\" again", "a name that is used once");
      }
    }
  }

  void check_stopping(const Part& definition) {
    const auto stopping = definition.part("StoppingCondition");
    if (!stopping) return;
    const auto run = stopping->integer("MaxRuntimeInSeconds");
    const auto wait = stopping->integer("MaxWaitTimeInSeconds");
    if (strict_ && run && *run > 28 * 86400) {
      note(stopping->path("MaxRuntimeInSeconds"), "is above 28 days", "at most 2419200");
    }
    if (!wait) return;
    const bool spot_is_wrong = definition.has("EnableManagedSpotTraining") &&
                               !definition.part("EnableManagedSpotTraining");
    if (!definition.flag("EnableManagedSpotTraining") && !spot_is_wrong) {
      note(stopping->path("MaxWaitTimeInSeconds"), "needs EnableManagedSpotTraining",
           "left out without spot training");
    } else if (run && *wait < *run) {
      note(stopping->path("MaxWaitTimeInSeconds"), "is less than MaxRuntimeInSeconds",
           "at least " + std::to_string(*run));
    }
  }

  void check_environment(const std::optional<Part>& definition,
                         const std::vector<Part>& definitions) {
    if (!strict_) return;
    std::size_t entries = 0;
    std::string last;
    const auto add = [&](const Part& part) {
      const auto environment = part.part("Environment");
      if (!environment) return;
      entries += environment->json().size();
      last = environment->path();
    };
    if (definition) add(*definition);
    for (const Part& part : definitions) add(part);
    if (entries > 48 && definitions.size() > 1) {
      note(last, "makes " + std::to_string(entries) + " entries over all definitions",
           "at most 48");
    }
  }

  void check_single(const Part& definition) {
    const bool autotune = root_.has("Autotune");
    const Part& target = choose(definition, "HyperParameterTuningJobObjective", "TuningObjective",
                                /*needed=*/true);
    check_objective(target, definition);
    const Part& owner =
        choose(definition, "ParameterRanges", "HyperParameterRanges", /*needed=*/!autotune);
    check_ranges(owner, definition, /*lone=*/true);
  }

  /// The objective and the ranges of a single definition stand in the config; the definition's own
  /// fields of the same meaning are taken where the config has none.
  const Part& choose(const Part& definition, std::string_view in_config,
                     std::string_view in_definition, bool needed) {
    const bool above = config_->has(in_config);
    const bool below = definition.has(in_definition);
    if (above && below) {
      note(definition.path(in_definition), "stands beside " + std::string(in_config),
           "left out with a single definition");
    } else if (!above && !below && needed) {
      note(config_->path(in_config), "is missing", "an object");
    }
    return !above && below ? definition : *config_;
  }

  void check_several(const std::vector<Part>& definitions) {
    std::set<std::string> names;
    for (const Part& definition : definitions) {
      for (const std::string_view key :
           {"DefinitionName", "TuningObjective", "HyperParameterRanges"}) {
        if (!definition.has(key)) {
          note(definition.path(key), "is missing", "needed in each of TrainingJobDefinitions");
        }
      }
      const auto name = definition.text("DefinitionName");
      if (name && !names.insert(*name).second) {
        note(definition.path("DefinitionName"), "is \"" + *name + "\" again",
             "a name that is used once");
      }
      check_objective(definition, definition);
      check_ranges(definition, definition, /*lone=*/false);
    }
    if (root_.has("WarmStartConfig")) {
      note("/WarmStartConfig", "is for a single TrainingJobDefinition", "left out");
    }
    if (!config_) return;
    if (config_->text("TrainingJobEarlyStoppingType") == "Auto" && strategy() != "Hyperband") {
      note(config_->path("TrainingJobEarlyStoppingType"),
           "is \"Auto\", which is for a single TrainingJobDefinition", "\"Off\"");
    }
    for (const std::string_view key : {"HyperParameterTuningJobObjective", "ParameterRanges"}) {
      if (config_->has(key)) {
        note(config_->path(key), "stands in each of TrainingJobDefinitions", "left out");
      }
    }
  }

  void check_objective(const Part& owner, const Part& definition) {
    auto objective = owner.part("HyperParameterTuningJobObjective");
    if (!objective) objective = owner.part("TuningObjective");
    const auto algorithm = definition.part("AlgorithmSpecification");
    if (!objective || !algorithm) return;
    const auto metric = objective->text("MetricName");
    const bool list_is_wrong =
        algorithm->has("MetricDefinitions") && !algorithm->part("MetricDefinitions");
    if (!metric || list_is_wrong) return;
    std::string names;
    bool known = false;
    const std::vector<Part> items = algorithm->items("MetricDefinitions");
    if (const auto list = algorithm->part("MetricDefinitions")) {
      known = items.size() != list->json().size();  // a mistaken one may have been this one
    }
    for (const Part& item : items) {
      const auto name = item.text("Name");
      if (!name) {
        known = true;
        continue;
      }
      known = known || *name == *metric;
      names += (names.empty() ? "\"" : ", \"") + *name + "\"";
    }
    if (!known) {
      note(objective->path("MetricName"),
           "is \"" + *metric + "\", which no metric definition gives",
           names.empty() ? "a name of AlgorithmSpecification.MetricDefinitions" : names);
    }
  }

  void check_ranges(const Part& owner, const Part& definition, bool lone) {
    auto part = owner.part("ParameterRanges");
    if (!part) part = owner.part("HyperParameterRanges");
    const std::vector<Part::Text> statics = definition.texts("StaticHyperParameters");
    check_hyperband(definition);
    if (!part) return;
    const std::size_t before = found_.size();
    const std::vector<Range> ranges = read_ranges(*part, strict_, found_);
    const bool all_good =
        found_.size() == before &&
        std::all_of(ranges.begin(), ranges.end(), [](const Range& r) { return r.usable; });
    if (ranges.empty() && !root_.has("Autotune")) {
      const bool written =
          std::any_of(part->json().begin(), part->json().end(),
                      [](const Json& list) { return !(list.is_array() && list.empty()); });
      if (!written) note(part->path(), "has no range", "at least one range");
    }
    check_statics(ranges, statics);
    check_counts(*part, ranges, statics.size());
    if (strategy() == "Grid") check_grid(ranges);
    if (lone && all_good && strict_) check_combinations(ranges);
  }

  void check_statics(const std::vector<Range>& ranges, const std::vector<Part::Text>& statics) {
    for (const Part::Text& entry : statics) {
      const bool tuned = std::any_of(ranges.begin(), ranges.end(),
                                     [&](const Range& range) { return range.name == entry.key; });
      if (tuned) note(entry.path, "has a range, too", "either a static value or a range");
    }
  }

  void check_counts(const Part& part, const std::vector<Range>& ranges, std::size_t statics) {
    if (!strict_) return;
    if (ranges.size() > 30) {
      note(part.path(), "has " + std::to_string(ranges.size()) + " ranges", "at most 30");
    } else if (ranges.size() + statics + 1 > 100) {
      note(part.path(),
           "makes more than 100 hyperparameters with the static ones and the service's own one",
           "at most 99 ranges and static hyperparameters");
    }
  }

  void check_grid(const std::vector<Range>& ranges) {
    for (const Range& range : ranges) {
      if (range.kind == Range::Kind::continuous && (strict_ || range.min != range.max)) {
        note(range.path, "is continuous, but the strategy is Grid", "a categorical range");
      } else if (range.kind == Range::Kind::integer && strict_) {
        note(range.path, "is an integer range, but the strategy is Grid", "a categorical range");
      }
    }
  }

  void check_combinations(const std::vector<Range>& ranges) {
    const auto count = combinations(ranges);
    const auto jobs = max_jobs();
    if (!count || !jobs) return;
    const std::string path = limits()->path("MaxNumberOfTrainingJobs");
    const std::string is = "is " + std::to_string(*jobs) + ", but the ranges have " +
                           std::to_string(*count) + " combinations";
    if (strategy() == "Grid" && static_cast<std::uint64_t>(*jobs) != *count) {
      note(path, is, std::to_string(*count) + ", or left out");
    } else if (static_cast<std::uint64_t>(*jobs) > *count) {
      note(path, is, "at most " + std::to_string(*count));
    }
  }

  void check_hyperband(const Part& definition) {
    if (strategy() != "Hyperband" || hyperband_noted_) return;
    const std::size_t before = found_.size();
    const auto config = config_->part("StrategyConfig");
    const auto band = config ? config->part("HyperbandStrategyConfig") : std::nullopt;
    const std::string path =
        config_->path("StrategyConfig") + "/HyperbandStrategyConfig/MaxResource";
    const bool structure_is_wrong =
        (config_->has("StrategyConfig") && !config) ||
        (config && config->has("HyperbandStrategyConfig") && !band) ||
        (band && band->has("MaxResource") && !band->part("MaxResource"));
    if (structure_is_wrong) return;
    const std::int64_t max = band ? band->integer("MaxResource").value_or(0) : 0;  // 0: none given
    const auto min = band ? band->integer("MinResource") : std::nullopt;
    if (max == 0) {
      if (!inferred_epochs(definition)) {
        note(path, "is missing and cannot be inferred",
             "an integer, or a static hyperparameter named epochs, numepochs, n-epochs, n_epochs "
             "or num_epochs");
      }
    } else if (min && *min > max) {
      note(config->path("HyperbandStrategyConfig") + "/MinResource", "is greater than MaxResource",
           "at most " + std::to_string(max));
    } else if (strict_ && max > 20000) {
      note(path, "is above the service's limit", "at most 20000");
    }
    hyperband_noted_ = found_.size() > before;
  }

  Part root_;
  std::optional<Part> config_ = {};
  bool strict_;
  /// One mistake for the whole request, however many definitions it has.
  bool hyperband_noted_ = false;
  std::vector<Mistake> found_ = {};
};

}  // namespace

void check_rules(const Json& request, bool strict, std::vector<Mistake>& mistakes) {
  const std::vector<Mistake> found = Rules(request, strict, mistakes).run();
  mistakes.insert(mistakes.end(), found.begin(), found.end());
}

}  // namespace tunesmith::amt
