#include "study/parent_import.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace tunesmith {
namespace {

constexpr std::size_t most_parents = 5;
constexpr std::size_t most_evaluations = 3000;
constexpr std::size_t most_values = 200000;

std::optional<double> number_of(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

/// The value that stands in the middle of the scaled range.
Value middle_of(const Parameter& parameter) {
  Space alone;
  switch (parameter.type) {
    case ParameterType::floating:
      alone.add_float(parameter.name, {.min = parameter.min,
                                       .max = parameter.max,
                                       .scale = parameter.scale,
                                       .step = parameter.step});
      break;
    case ParameterType::integer:
      alone.add_int(parameter.name, {.min = parameter.int_min,
                                     .max = parameter.int_max,
                                     .scale = parameter.scale,
                                     .step = parameter.int_step});
      break;
    default:
      return parameter.choices[parameter.choices.size() / 2];
  }
  return alone.decode(std::array{0.5}).values().front().second;
}

/// The parameter's value nearest to a value of another space; nothing where none is near.
std::optional<Value> nearest(const Parameter& parameter, const Value& value) {
  if (parameter.type == ParameterType::fixed) return parameter.choices.front();
  if (parameter.index_of(value)) return value;
  const bool numeric =
      parameter.type == ParameterType::floating || parameter.type == ParameterType::integer;
  const std::optional<double> number = number_of(value);
  if (!numeric || !number || !std::isfinite(*number)) return std::nullopt;
  const double clipped = std::clamp(*number, parameter.min, parameter.max);
  const std::optional<std::uint64_t> count = parameter.cardinality();
  if (!count) return Value(clipped);
  const double step = parameter.type == ParameterType::integer
                          ? static_cast<double>(parameter.int_step)
                          : parameter.step;
  const double index = step > 0 ? std::round((clipped - parameter.min) / step) : 0;
  // The largest index need not be a double.
  if (index >= static_cast<double>(*count - 1)) return parameter.value_at(*count - 1);
  return parameter.value_at(static_cast<std::uint64_t>(index));
}

class Translator {
 public:
  explicit Translator(const Problem& problem) : space_(problem.space) {
    for (const Parameter& parameter : space_.parameters()) {
      const Value* present = problem.baseline ? problem.baseline->find(parameter.name) : nullptr;
      defaults_.push_back(present != nullptr ? *present : middle_of(parameter));
    }
  }

  /// Nothing: a value has no counterpart.
  std::optional<Configuration> operator()(const Configuration& source) const {
    const auto& parameters = space_.parameters();
    Configuration target;
    // Conditions may name parameters that come later.
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Parameter& parameter = parameters[i];
        if (target.contains(parameter.name) || !space_.is_active(parameter, target)) continue;
        const Value* given = source.find(parameter.name);
        std::optional<Value> value =
            given != nullptr ? nearest(parameter, *given) : std::optional(defaults_[i]);
        if (!value) return std::nullopt;
        target.set(parameter.name, std::move(*value));
        changed = true;
      }
    }
    return space_.conform(target);
  }

 private:
  const Space& space_;
  std::vector<Value> defaults_;
};

/// In the study's order, the parent's objectives that they are. Only ones have no need of a name.
/// Throws where one is missing.
std::vector<std::size_t> objectives_in(const Problem& parent, const Problem& problem) {
  if (parent.objectives.size() == 1 && problem.objectives.size() == 1) return {0};
  std::vector<std::size_t> places;
  for (const Objective& wanted : problem.objectives) {
    const auto found =
        std::find_if(parent.objectives.begin(), parent.objectives.end(),
                     [&](const Objective& one) { return one.metric == wanted.metric; });
    if (found == parent.objectives.end()) {
      throw Error(ErrorCode::invalid_argument,
                  "an earlier study has no objective \"" + wanted.metric + "\"");
    }
    places.push_back(static_cast<std::size_t>(found - parent.objectives.begin()));
  }
  return places;
}

/// For each evaluation what is less for better ones: the value, or the number of those that are
/// nowhere worse and somewhere better.
std::vector<double> badness(const std::vector<ParentEvaluation>& all, const Problem& problem) {
  const auto& objectives = problem.objectives;
  const auto cost = [&](const ParentEvaluation& one, std::size_t k) {
    return objectives[k].goal == Goal::minimize ? one.values[k] : -one.values[k];
  };
  const auto beats = [&](const ParentEvaluation& a, const ParentEvaluation& b) {
    bool better = false;
    for (std::size_t k = 0; k < objectives.size(); ++k) {
      if (cost(a, k) > cost(b, k)) return false;
      better = better || cost(a, k) < cost(b, k);
    }
    return better;
  };
  std::vector<double> out;
  for (const ParentEvaluation& one : all) {
    const auto better = [&](const ParentEvaluation& other) { return beats(other, one); };
    out.push_back(objectives.size() == 1
                      ? cost(one, 0)
                      : static_cast<double>(std::count_if(all.begin(), all.end(), better)));
  }
  return out;
}

/// The best quarter of `limit` and an even spread over the rest, in the order of the trials.
std::vector<ParentEvaluation> thinned(std::vector<ParentEvaluation> all, std::size_t limit,
                                      const Problem& problem) {
  if (all.size() <= limit) return all;
  const std::vector<double> bad = badness(all, problem);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bad[a] < bad[b]; });
  const std::size_t best = (limit + 3) / 4;
  const std::size_t others = limit - best;
  std::vector<std::size_t> kept(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(best));
  for (std::size_t i = 0; i < others; ++i)
    kept.push_back(order[best + i * (order.size() - best) / others]);
  std::sort(kept.begin(), kept.end());
  std::vector<ParentEvaluation> out;
  for (const std::size_t i : kept) out.push_back(std::move(all[i]));
  return out;
}

}  // namespace

void check_parents(const std::vector<StudyView>& parents, const Problem& problem) {
  if (parents.empty()) return;
  if (parents.size() > most_parents) {
    throw Error(ErrorCode::invalid_argument, "a study starts from at most 5 earlier ones, not " +
                                                 std::to_string(parents.size()));
  }
  for (const StudyView& parent : parents) objectives_in(parent.problem(), problem);
}

std::vector<ParentStudy> import_parents(const std::vector<StudyView>& parents,
                                        const Problem& problem) {
  const Translator translate(problem);
  std::vector<ParentStudy> out;
  for (const StudyView& view : parents) {
    const std::vector<std::size_t> places = objectives_in(view.problem(), problem);
    ParentStudy& parent = out.emplace_back();
    for (std::size_t id = 0; id < view.size(); ++id) {
      const Trial& trial = view.trial(static_cast<TrialId>(id));
      if (!view.feasible(trial)) continue;
      auto configuration = translate(trial.configuration);
      if (!configuration) continue;
      ParentEvaluation& one = parent.evaluations.emplace_back();
      one.configuration = std::move(*configuration);
      for (std::size_t k = 0; k < places.size(); ++k) {
        const bool same = view.problem().objectives[places[k]].goal == problem.objectives[k].goal;
        one.values.push_back((same ? 1 : -1) * *view.objective(trial, places[k]));
      }
    }
  }
  // Small parents leave their share to the larger ones.
  std::vector<ParentStudy*> by_size;
  for (ParentStudy& parent : out) by_size.push_back(&parent);
  std::stable_sort(by_size.begin(), by_size.end(), [](const ParentStudy* a, const ParentStudy* b) {
    return a->evaluations.size() < b->evaluations.size();
  });
  const std::size_t width = std::max<std::size_t>(1, problem.space.parameters().size());
  std::size_t left = std::min(most_evaluations, most_values / width);
  for (std::size_t i = 0; i < by_size.size(); ++i) {
    std::vector<ParentEvaluation>& evaluations = by_size[i]->evaluations;
    evaluations = thinned(std::move(evaluations), left / (by_size.size() - i), problem);
    left -= evaluations.size();
  }
  return out;
}

}  // namespace tunesmith
