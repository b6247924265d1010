#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/export.hpp"

namespace tunesmith {

/// What the schedules of successive halving are made of. Resource levels are whole numbers ≥ 1
/// (epochs); everything is computed in integers, so that exact powers come out exactly.
struct RungOptions {
  /// Level of the lowest rung; ≥ 1.
  std::int64_t min_resource = 1;
  /// Level at which a trial has run to its end; ≥ min_resource and ≤ 10¹⁵.
  std::int64_t max_resource = 1;
  /// One of so many trials of a rung goes on to the next, whose level is so many times higher; ≥ 2.
  std::int64_t eta = 3;
};

/// Levels min, min·η, min·η², … below max, then max. Throws Error{invalid_argument} with every
/// mistake of the options, paths "/<field>".
TUNESMITH_API std::vector<std::int64_t> rung_levels(const RungOptions& options);

/// How many trials run up to a level.
struct Rung {
  std::int64_t level = 1;
  std::int64_t trials = 1;
  bool operator==(const Rung&) const = default;
};

/// Successive halving's rungs, the lowest first; the last has max_resource.
using Bracket = std::vector<Rung>;

/// Hyperband's brackets (Li et al., JMLR 18, 2018), the one with the most rungs first. With s_max =
/// ⌊log_η(max/min)⌋, bracket s = s_max, …, 0 begins with ⌈(s_max + 1)/(s + 1) · η^s⌉ trials at
/// level ⌊max/η^s⌋; from rung to rung one of η stays (rounded down) and the level grows to the next
/// ⌊max/η^i⌋. Throws as rung_levels.
TUNESMITH_API std::vector<Bracket> hyperband_brackets(const RungOptions& options);

/// Whether a hyperparameter of this name says how many epochs a script is to train: "epochs",
/// "num_epochs", "n_epochs", "max_epochs", "numepochs" and the like, in any case and with hyphens
/// or underscores.
TUNESMITH_API bool names_epochs(std::string_view hyperparameter);

/// A script's own number of epochs, among its static hyperparameters.
struct EpochsParameter {
  std::string name = {};
  std::int64_t epochs = 1;
  bool operator==(const EpochsParameter&) const = default;
};

/// The hyperparameter that names_epochs holds for and whose value is a whole number ≥ 1, also as
/// JSON text ("\"27\""); of several "epochs" itself, else the first by name. SageMaker infers
/// Hyperband's MaxResource in this way.
TUNESMITH_API std::optional<EpochsParameter> infer_epochs(
    const std::map<std::string, std::string>& static_parameters);

}  // namespace tunesmith
