#include "tunesmith/configuration.hpp"

#include <algorithm>
#include <cmath>

#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "space/value.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

const char* type_word(const Value& value) {
  constexpr const char* words[] = {"a float", "an int", "a boolean", "a text"};
  return words[value.index()];
}

/// Names of one space have often the same length and differ at their ends (p1, p2).
bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || (a.back() == b.back() && a == b));
}

/// The value called `name`, which must be there.
const Value& required(const Configuration& configuration, std::string_view name) {
  if (const Value* value = configuration.find(name)) return *value;
  std::vector<std::string> names;
  for (const auto& entry : configuration.values()) names.push_back(entry.first);
  std::string words = "the configuration has no '" + std::string(name) + "'";
  const std::string guess = closest(name, names);
  words += guess.empty() ? " (is it inactive here?)" : "; did you mean '" + guess + "'?";
  throw Error(ErrorCode::invalid_argument, words);
}

template <class T>
const T& typed(const Configuration& configuration, std::string_view name, const char* wanted) {
  const Value& value = required(configuration, name);
  if (const T* held = std::get_if<T>(&value)) return *held;
  throw Error(ErrorCode::invalid_argument, "'" + std::string(name) + "' is " + type_word(value) +
                                               " (" + to_text(value) + "), not " + wanted);
}

}  // namespace

bool same_value(const Value& a, const Value& b) {
  if (a.index() == b.index()) return a == b;
  const auto* real = std::get_if<double>(&a);
  const auto* whole = std::get_if<std::int64_t>(&b);
  if (real == nullptr || whole == nullptr) {
    real = std::get_if<double>(&b);
    whole = std::get_if<std::int64_t>(&a);
  }
  if (real == nullptr || whole == nullptr) return false;
  // Compared as integers, because above 2^53 several ints share a double.
  return *real >= -0x1p63 && *real < 0x1p63 && *real == std::floor(*real) &&
         static_cast<std::int64_t>(*real) == *whole;
}

std::optional<Value> value_from_json(const Json& json) {
  if (json.is_boolean()) return Value(json.get<bool>());
  if (json.is_string()) return Value(json.get<std::string>());
  if (json.is_number_integer()) return Value(json.get<std::int64_t>());
  if (json.is_number_float()) return Value(json.get<double>());
  return std::nullopt;
}

Json json_from_value(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real + 0.0;  // no -0.0
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  return std::get<std::string>(value);
}

std::string to_json(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return json_text(Json(*text));
  if (const auto* real = std::get_if<double>(&value); real != nullptr && !std::isfinite(*real))
    return "null";
  return to_text(value);
}

std::string to_text(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return real_text(*real + 0.0);  // no -0.0
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return std::get<std::string>(value);
}

Configuration::Configuration(std::initializer_list<std::pair<std::string, Value>> values) {
  values_.reserve(values.size());
  for (const auto& [name, value] : values) {
    if (contains(name)) throw Error(ErrorCode::invalid_argument, "'" + name + "' is given twice");
    values_.emplace_back(name, value);
  }
}

void Configuration::set(std::string name, Value value) {
  for (auto& entry : values_) {
    if (same_name(entry.first, name)) {
      entry.second = std::move(value);
      return;
    }
  }
  // From 1, 2, 4 on, growing would cost more than filling.
  constexpr std::size_t first_capacity = 16;
  if (values_.empty()) values_.reserve(first_capacity);
  values_.emplace_back(std::move(name), std::move(value));
}

const Value* Configuration::find(std::string_view name) const noexcept {
  for (const auto& entry : values_) {
    if (same_name(entry.first, name)) return &entry.second;
  }
  return nullptr;
}

double Configuration::number(std::string_view name) const {
  const Value& value = required(*this, name);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return typed<double>(*this, name, "a number");
}

std::int64_t Configuration::integer(std::string_view name) const {
  return typed<std::int64_t>(*this, name, "an int");
}

bool Configuration::flag(std::string_view name) const {
  return typed<bool>(*this, name, "a boolean");
}

const std::string& Configuration::text(std::string_view name) const {
  return typed<std::string>(*this, name, "a text");
}

std::string Configuration::to_json() const {
  std::string text = "{";
  for (const auto& [name, value] : values_) {
    if (text.size() > 1) text += ',';
    text += json_text(Json(name)) + ":" + tunesmith::to_json(value);
  }
  return text + "}";
}

Configuration Configuration::from_json(std::string_view json) {
  std::vector<Mistake> mistakes;
  const Json root = parse_json(json, mistakes);
  Configuration configuration;
  if (root.is_object()) {
    configuration.values_.reserve(root.size());
    for (const auto& [name, item] : root.items()) {
      if (auto value = value_from_json(item)) {
        configuration.values_.emplace_back(name, std::move(*value));
      } else if (!item.is_discarded()) {
        mistakes.push_back({pointer_step(name),
                            "is " + json_kind(item) + " (" + json_excerpt(item) + ")",
                            "a number, true, false or a string"});
      }
    }
  } else if (!root.is_discarded()) {
    mistakes.push_back(
        {"", "is " + json_kind(root) + " (" + json_excerpt(root) + ")", "an object"});
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  return configuration;
}

}  // namespace tunesmith
