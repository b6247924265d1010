#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/json.hpp"
#include "trial/event_json.hpp"

namespace tunesmith {
namespace {

/// A JSON object that is written as text from front to back: what a Json would come to, without
/// making one. A study writes one for every trial.
class ObjectText {
 public:
  void begin(std::string_view key) {
    name(key);
    text_ += '{';
  }
  void end() { text_ += '}'; }

  void add(std::string_view key, const Value& value) {
    name(key);
    std::visit([this](const auto& one) { put(one); }, value);
  }
  void add(std::string_view key, std::string_view value) {
    name(key);
    put(value);
  }

  std::string take() && { return std::move(text_) + '}'; }

 private:
  void name(std::string_view key) {
    if (text_.back() != '{') text_ += ',';
    put(key);
    text_ += ':';
  }

  void put(std::string_view value) {
    constexpr auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (!std::all_of(value.begin(), value.end(), plain)) {
      text_ += json_text(Json(value));
      return;
    }
    ((text_ += '"') += value) += '"';
  }
  void put(const std::string& value) { put(std::string_view(value)); }
  void put(bool value) { text_ += value ? "true" : "false"; }
  void put(std::int64_t value) { text_ += std::to_string(value); }
  void put(double value) {
    if (!std::isfinite(value)) {
      text_ += "null";
      return;
    }
    std::array<char, 64> digits;
    text_.append(digits.data(),
                 nlohmann::detail::to_chars(digits.data(), digits.data() + digits.size(), value));
  }

  std::string text_ = "{";
};

}  // namespace

std::string suggestion_payload(const SuggestionRecord& record) {
  ObjectText json;
  json.begin("configuration");
  for (const auto& [name, value] : record.configuration.values()) json.add(name, value);
  json.end();
  if (std::isfinite(record.until)) json.add("until", Value(record.until));
  if (record.resumable) json.add("resumable", Value(true));
  if (record.replicate_of) json.add("replicate_of", Value(*record.replicate_of));
  json.add("origin", std::string_view(to_string(record.origin)));
  if (!record.note.empty()) json.add("note", std::string_view(record.note));
  if (!record.state.empty()) json.add("state", std::string_view(record.state));
  if (record.outlook) {
    json.begin("outlook");
    json.add("expected_gain", Value(record.outlook->expected_gain));
    json.add("regret_bound", Value(record.outlook->regret_bound));
    json.add("noise", Value(record.outlook->noise));
    json.end();
  }
  json.add("prefix", Value(record.prefix));
  if (!record.strategy.empty()) json.add("strategy", std::string_view(record.strategy));
  if (!record.instruction_set.empty())
    json.add("instruction_set", std::string_view(record.instruction_set));
  return std::move(json).take();
}

}  // namespace tunesmith
