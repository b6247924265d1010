#include "core/json_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/numbers.hpp"

namespace tunesmith {

std::string json_kind(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "a boolean";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::number_float:
      return "a number";
    default:
      return "an integer";
  }
}

std::string json_excerpt(const Json& value) {
  std::string text = json_text(value);
  if (text.size() > 40) {
    std::size_t cut = 37;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
      --cut;  // whole UTF-8 characters
    text = text.substr(0, cut) + "...";
  }
  return text;
}

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    // Optimal string alignment: insertions, deletions, substitutions and swapped neighbours cost 1
    // each.
    const std::size_t width = candidate.size() + 1;
    std::vector<std::size_t> before(width);
    std::vector<std::size_t> above(width);
    std::vector<std::size_t> row(width);
    for (std::size_t j = 0; j < width; ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      before.swap(above);
      above.swap(row);
      row[0] = i;
      for (std::size_t j = 1; j < width; ++j) {
        const std::size_t substitute = above[j - 1] + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitute});
        if (i > 1 && j > 1 && word[i - 1] == candidate[j - 2] && word[i - 2] == candidate[j - 1]) {
          row[j] = std::min(row[j], before[j - 2] + 1);
        }
      }
    }
    // With every character changed it is another word: 'x' is no slip for 'y'.
    if (row.back() < best_distance && row.back() < std::max(word.size(), candidate.size())) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

ObjectReader::ObjectReader(const Json& json, std::string path, std::vector<Mistake>& mistakes)
    : json_(json), path_(std::move(path)), mistakes_(mistakes), object_(json.is_object()) {
  if (!object_ && !json.is_discarded()) {  // whoever discarded it has said why
    mistakes_.push_back(
        {path_, "is " + json_kind(json) + " (" + json_excerpt(json) + ")", "an object"});
  }
}

bool ObjectReader::has(std::string_view key) const {
  return object_ && json_.find(std::string(key)) != json_.end();
}

const Json* ObjectReader::find(std::string_view key) {
  const std::string name(key);
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
  if (!object_) return nullptr;
  const auto it = json_.find(name);
  return it == json_.end() || it->is_discarded() ? nullptr : &*it;
}

const Json* ObjectReader::require(std::string_view key, std::string_view allowed) {
  const Json* value = find(key);
  if (value == nullptr && object_ && !has(key)) mistake(key, "is missing", std::string(allowed));
  return value;
}

void ObjectReader::wrong_type(std::string_view key, const Json& value, std::string_view wanted) {
  mistake(key, "is " + json_kind(value) + " (" + json_excerpt(value) + ")", std::string(wanted));
}

std::optional<std::string> ObjectReader::text(std::string_view key) {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  wrong_type(key, *value, "a string");
  return std::nullopt;
}

std::optional<bool> ObjectReader::boolean(std::string_view key) {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  wrong_type(key, *value, "true or false");
  return std::nullopt;
}

std::optional<double> ObjectReader::number(std::string_view key) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return number(key, -infinity, infinity);
}

std::optional<double> ObjectReader::number(std::string_view key, double min, double max) {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  std::string allowed = "a number";
  if (std::isfinite(min) && std::isfinite(max)) {
    allowed += " from " + number_text(min) + " to " + number_text(max);
  } else if (std::isfinite(min)) {
    allowed += " of at least " + number_text(min);
  } else if (std::isfinite(max)) {
    allowed += " of at most " + number_text(max);
  }
  if (!value->is_number()) {
    wrong_type(key, *value, allowed);
    return std::nullopt;
  }
  const double number = value->get<double>();
  if (number < min || number > max) {
    mistake(key, "is " + json_excerpt(*value), allowed);
    return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view key, std::int64_t min,
                                                  std::int64_t max) {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  std::string allowed = "an integer";
  if (min != INT64_MIN && max != INT64_MAX) {
    allowed += " from " + std::to_string(min) + " to " + std::to_string(max);
  } else if (min != INT64_MIN) {
    allowed += " of at least " + std::to_string(min);
  } else if (max != INT64_MAX) {
    allowed += " of at most " + std::to_string(max);
  }
  std::optional<std::int64_t> number;
  if (value->is_number_integer()) {
    number = value->get<std::int64_t>();
  } else if (value->is_number_float()) {
    const double real = value->get<double>();  // 10.0 and 1e3 are integers people write
    if (real == std::floor(real) && std::fabs(real) < 0x1p53)
      number = static_cast<std::int64_t>(real);
  }
  if (!number) {
    wrong_type(key, *value, allowed);
  } else if (*number < min || *number > max) {
    mistake(key, "is " + std::to_string(*number), allowed);
    number.reset();
  }
  return number;
}

std::optional<std::size_t> ObjectReader::choice(std::string_view key,
                                                std::initializer_list<std::string_view> names) {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  std::string allowed = "one of";
  std::size_t position = 0;
  for (const std::string_view name : names) {
    if (value->is_string() && value->get_ref<const std::string&>() == name) return position;
    allowed += (position++ == 0 ? " \"" : ", \"") + std::string(name) + "\"";
  }
  if (value->is_string()) {
    mistake(key, "is " + json_excerpt(*value), allowed);
  } else {
    wrong_type(key, *value, allowed);
  }
  return std::nullopt;
}

const Json* ObjectReader::array(std::string_view key) {
  const Json* value = find(key);
  if (value != nullptr && !value->is_array()) {
    wrong_type(key, *value, "an array");
    return nullptr;
  }
  return value;
}

const Json* ObjectReader::object(std::string_view key) {
  const Json* value = find(key);
  if (value != nullptr && !value->is_object()) {
    wrong_type(key, *value, "an object");
    return nullptr;
  }
  return value;
}

void ObjectReader::mistake(std::string_view key, std::string what, std::string allowed) {
  mistakes_.push_back({path(key), std::move(what), std::move(allowed)});
}

void ObjectReader::finish() {
  if (!object_) return;
  for (const auto& [key, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string guess = closest(key, known_);
    std::string allowed;
    for (const std::string& name : known_) allowed += (allowed.empty() ? "" : ", ") + name;
    mistake(
        key,
        guess.empty() ? "is not known here" : "is not known here; did you mean \"" + guess + "\"?",
        allowed);
  }
}

}  // namespace tunesmith
