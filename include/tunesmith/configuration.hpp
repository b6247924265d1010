#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tunesmith/export.hpp"

namespace tunesmith {

/// A parameter's value, with its type. Floats hold `double`, ints `std::int64_t`; a choice of a
/// categorical, an ordinal or a fixed parameter may be any of the four.
using Value = std::variant<double, std::int64_t, bool, std::string>;

/// JSON text of a value: `0.1`, `12`, `true`, `"adam"`. Floats always show as floats (`1.0`; -0.0
/// as `0.0`); NaN and the infinities, which no space accepts, show as `null`.
TUNESMITH_API std::string to_json(const Value& value);

/// The value as people and command lines read it: `0.1`, `1.0`, `12`, `true`, `adam`.
TUNESMITH_API std::string to_text(const Value& value);

/// One setting of the active parameters of a space, in the order of the space; inactive
/// (conditional) parameters are absent. A plain value type: copy it freely. Not synchronised.
class TUNESMITH_API Configuration {
 public:
  Configuration() = default;
  /// In the given order. Throws Error{invalid_argument} when a name is given twice.
  Configuration(std::initializer_list<std::pair<std::string, Value>> values);

  /// Sets or replaces. O(n).
  void set(std::string name, Value value);

  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
  /// Null where the parameter is absent (inactive). The pointer lives until the next `set`.
  const Value* find(std::string_view name) const noexcept;

  /// Typed look-ups. Each throws Error{invalid_argument} when the parameter is absent or holds
  /// another type; `number` takes ints too.
  double number(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  bool flag(std::string_view name) const;
  const std::string& text(std::string_view name) const;

  const std::vector<std::pair<std::string, Value>>& values() const noexcept { return values_; }
  std::size_t size() const noexcept { return values_.size(); }

  /// A JSON object, keys in order, e.g. `{"lr":0.01,"optimizer":"sgd"}`. Two configurations are
  /// equal iff their texts are.
  std::string to_json() const;
  /// Reads any flat JSON object; integers become `std::int64_t`. Whether it fits a space is for
  /// Space::check to say. Throws Error{invalid_argument} with every mistake.
  static Configuration from_json(std::string_view json);

  /// Same names, types and values in the same order; floats compare bit for bit except that 0.0 ==
  /// -0.0.
  bool operator==(const Configuration&) const = default;

 private:
  std::vector<std::pair<std::string, Value>> values_;
};

}  // namespace tunesmith
