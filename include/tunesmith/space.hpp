#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/configuration.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/export.hpp"

namespace tunesmith {

/// How a numeric range is stretched before it is searched. `reverse_log` resolves values close to 1
/// (momentum, subsample): linear in −ln(1 − x), for 0 ≤ min < max < 1. `automatic` (JSON: "auto")
/// is settled when a study is created, see Space::settled.
enum class Scale { automatic, linear, log, reverse_log };

/// JSON words: "auto", "linear", "log", "reverse_log".
TUNESMITH_API const char* to_string(Scale scale) noexcept;

/// JSON words: "float", "int", "categorical", "ordinal", "fixed".
enum class ParameterType { floating, integer, categorical, ordinal, fixed };
TUNESMITH_API const char* to_string(ParameterType type) noexcept;

/// The parameter exists only while `parent` is active and has one of `values`.
struct Condition {
  std::string parent = {};
  std::vector<Value> values = {};
  bool operator==(const Condition&) const = default;
};

/// Where the user thinks that good values of a parameter are: searches look there first, and less
/// and less the more is known, so that a wrong opinion costs some trials and no more.
struct Prior {
  /// Floats and ints: good values are probably close to this one of the range. Required there.
  std::optional<double> near = {};
  /// Floats and ints: the standard deviation of that opinion, in shares of the scaled range (as
  /// decode and encode see it); above 0, at most 1.
  double spread = 0.15;
  /// Categorical and ordinal: how probable each choice is, in their order; from 0 up, not all 0, of
  /// any sum. Required there.
  std::vector<double> weights = {};
  bool operator==(const Prior&) const = default;
};

struct FloatOptions {
  /// Both ends belong to the range; min == max is allowed (one value).
  double min = 0;
  double max = 1;
  Scale scale = Scale::automatic;
  /// Distance of the allowed values min, min + step, …; the last one may lie below max. None: every
  /// double.
  std::optional<double> step = {};
  /// All must hold for the parameter to be active; empty: always active.
  std::vector<Condition> when = {};
  /// None: all values of the scaled range are equally probable.
  std::optional<Prior> prior = {};
};

struct IntOptions {
  /// Both ends belong to the range; min == max is allowed.
  std::int64_t min = 0;
  std::int64_t max = 1;
  Scale scale = Scale::automatic;
  std::int64_t step = 1;
  std::vector<Condition> when = {};
  std::optional<Prior> prior = {};
};

struct ChoiceOptions {
  std::vector<Condition> when = {};
  /// Not for fixed parameters.
  std::optional<Prior> prior = {};
};

/// One dimension of a space, as read back from it.
struct Parameter {
  std::string name = {};
  ParameterType type = ParameterType::floating;
  /// Floats and ints (ints exactly representable here up to 2^53; the exact bounds are int_min,
  /// int_max).
  double min = 0;
  double max = 0;
  std::int64_t int_min = 0;
  std::int64_t int_max = 0;
  Scale scale = Scale::automatic;
  /// Floats: 0 where every double is allowed. Ints: at least 1.
  double step = 0;
  std::int64_t int_step = 1;
  /// Categorical and ordinal: the choices in order. Fixed: the one value.
  std::vector<Value> choices = {};
  std::vector<Condition> when = {};
  std::optional<Prior> prior = {};

  /// Number of distinct values; none for a float without step (unless min == max) and for more than
  /// 2^64 − 1 values.
  TUNESMITH_API std::optional<std::uint64_t> cardinality() const;

  /// The value number `index`, from the smallest up or in the order of the choices. Steps are min +
  /// index × step, rounded once where min and step are short decimals (0.3, not
  /// 0.30000000000000004). Precondition: index < cardinality().
  TUNESMITH_API Value value_at(std::uint64_t index) const;

  /// Where `value` stands among the values, or none if it is not exactly one of them (or there is
  /// no such numbering).
  TUNESMITH_API std::optional<std::uint64_t> index_of(const Value& value) const;

  bool operator==(const Parameter&) const = default;
};

/// What may be tuned: parameters with ranges, scales and conditions, and constraints between them.
///
///     tunesmith::Space space;
///     space.add_float("lr", {.min = 1e-5, .max = 1e-1, .scale = tunesmith::Scale::log})
///          .add_int("layers", {.min = 1, .max = 8})
///          .add_categorical("optimizer", {"sgd", "adam"})
///          .add_float("momentum", {.min = 0.5, .max = 0.999,
///                                  .scale = tunesmith::Scale::reverse_log,
///                                  .when = {{"optimizer", {"sgd"}}}})
///          .add_constraint("layers * lr <= 0.2");
///
/// The typed value is the truth; the unit cube that strategies search is derived from it. Building
/// a space never throws: `validate()` lists what is wrong, and whoever takes a space (Study, Tuner)
/// throws Error{invalid_space} with that list. A value type. Reading from several threads is safe;
/// changing is not synchronised.
class TUNESMITH_API Space {
 public:
  Space();
  Space(const Space&);
  Space(Space&&) noexcept;
  Space& operator=(const Space&);
  Space& operator=(Space&&) noexcept;
  ~Space();

  Space& add_float(std::string name, FloatOptions options);
  Space& add_int(std::string name, IntOptions options);
  /// Unordered choices. At least one; no two equal.
  Space& add_categorical(std::string name, std::vector<Value> choices, ChoiceOptions options = {});
  /// Choices with an order (small < medium < large): neighbours are taken to behave alike.
  Space& add_ordinal(std::string name, std::vector<Value> choices, ChoiceOptions options = {});
  /// Handed to every trial, never varied.
  Space& add_fixed(std::string name, Value value, ChoiceOptions options = {});
  /// An a-priori constraint in plain words over parameter names: + - * / % ** ( ), < <= > >= == !=,
  /// and or not, abs min max log exp sqrt floor ceil, numbers, true, false and 'quoted texts', e.g.
  /// "layers * width <= 4096", "optimizer != 'sgd' or lr < 0.1". Precedence and % are Python's; log
  /// is natural; arithmetic is in doubles. A name that is no plain word stands in backquotes:
  /// "`batch-size` % 8 == 0". A constraint that names an inactive parameter holds; one that comes
  /// down to undefined arithmetic (log(-1) < 0) does not.
  Space& add_constraint(std::string expression);

  /// Every mistake, with the path it has in the JSON form ("/parameters/lr/max", "/constraints/0").
  /// Empty: the space is usable.
  std::vector<Mistake> validate() const;

  const std::vector<Parameter>& parameters() const noexcept;
  /// Null when there is none of that name.
  const Parameter* find(std::string_view name) const noexcept;
  const std::vector<std::string>& constraints() const noexcept;

  /// A copy whose `automatic` scales are settled, by the first line that fits:
  ///  1. log where min > 0 and max ≥ 50 min;
  ///  2. reverse_log for floats where 0 ≤ min, max < 1 and 1 − min ≥ 50 (1 − max);
  ///  3. linear.
  /// decode and encode treat an unsettled scale by the same rule.
  Space settled() const;

  /// Number of distinct configurations where it is finite and fits, conditions respected,
  /// constraints not; none otherwise.
  std::optional<std::uint64_t> cardinality() const;

  /// Whether the parameter is active under the (possibly still partial) configuration.
  bool is_active(const Parameter& parameter, const Configuration& configuration) const;

  /// Whether all constraints hold. O(size of the expressions).
  bool satisfies(const Configuration& configuration) const;

  /// What keeps the configuration from being one of this space's: unknown, missing, inactive or
  /// out-of-range values, wrong types, values off their step, a wrong order; and, where all values
  /// are right, broken constraints. Paths are "/name", for order and constraints "". Empty: it
  /// belongs to the space.
  std::vector<Mistake> check(const Configuration& configuration) const;

  /// The configuration with values in the space's order and types: ints where floats are meant
  /// become floats, integral floats become ints, values within 1e-9 of a step snap to it, fixed
  /// values are filled in. What cannot be mended is left for `check`.
  Configuration conform(const Configuration& configuration) const;

  /// Coordinates of the unit cube: one per parameter that is not fixed, in order, active or not.
  std::size_t dimension() const noexcept;

  /// The configuration at a point of [0, 1]^dimension (values outside are clamped). Ints, steps and
  /// choices take equal shares of the scaled range (each value's cell reaches half a step to both
  /// sides); inactive parameters are left out; constraints are not looked at. Precondition:
  /// validate() is empty. Throws Error{invalid_argument} on a wrong size and on NaN.
  Configuration decode(std::span<const double> unit) const;

  /// The point of a configuration. Ints, steps and choices stand in the middle of their cell, so
  /// that decode(encode(c)) == c. A float comes back as the nearest value that any coordinate
  /// decodes to, and what decode gave comes back unchanged; a double between 0 and 1 tells about
  /// 2^53 values apart, so that it may differ by 2 ulp and 2^-53 of the scaled range (a relative
  /// 2^-53 ln(max/min) on a log scale; for a linear one with min ≥ 0 the 2 ulp are enough). Beyond
  /// 2^40 values the same holds for ints and steps. Inactive parameters stand at 0.5. Precondition:
  /// check(configuration) is empty.
  std::vector<double> encode(const Configuration& configuration) const;

  /// {"parameters": {"lr": {"type": "float", "min": 1e-5, "max": 0.1, "scale": "log"}, …},
  /// "constraints": ["…"]}; docs/job.md lists the fields.
  std::string to_json() const;
  /// Throws Error{invalid_space} with every mistake, syntax and meaning, of the text at once.
  static Space from_json(std::string_view json);

  bool operator==(const Space& other) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tunesmith
