#include "stopping/rule_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/json.hpp"
#include "core/numbers.hpp"

namespace tunesmith {
namespace {

constexpr std::array action_words = {std::pair{Action::Kind::stop_trial, "stop_trial"},
                                     std::pair{Action::Kind::stop_study, "stop_study"},
                                     std::pair{Action::Kind::notify, "notify"}};

OptionInfo info(const char* name, const char* type, std::string fallback, const char* text) {
  return {.name = name, .type = type, .fallback = std::move(fallback), .text = text};
}

}  // namespace

void OptionTable::operator()(const char* name, int field, const char* text) {
  infos.push_back(info(name, "int", std::to_string(field), text));
}

void OptionTable::operator()(const char* name, double field, const char* text) {
  infos.push_back(info(name, "float", number_text(field), text));
}

void OptionTable::operator()(const char* name, bool field, const char* text) {
  infos.push_back(info(name, "bool", field ? "true" : "false", text));
}

void OptionTable::operator()(const char* name, const std::string& field, const char* text) {
  infos.push_back(info(name, "text", json_text(Json(field)), text));
}

void OptionTable::operator()(const char* name, const std::optional<double>& field,
                             const char* text) {
  infos.push_back(info(name, "float", field ? number_text(*field) : "null", text));
}

void OptionTable::operator()(const char* name, Seconds field, const char* text) {
  (*this)(name, field.count(), text);
}

void OptionTable::operator()(const char* name, Action::Kind field, const char* text) {
  for (const auto& [kind, word] : action_words) {
    if (kind == field) (*this)(name, std::string(word), text);
  }
}

template <typename Read, typename Field>
void OptionFields::take(const char* name, const std::optional<Read>& read, Field& field) {
  if (read) {
    field = static_cast<Field>(*read);
  } else if (reader_.has(name)) {
    unread_.push_back(std::string("/") + name);
  }
}

void OptionFields::operator()(const char* name, int& field, const char* /*text*/) {
  take(name, reader_.integer(name, INT32_MIN, INT32_MAX), field);
}

void OptionFields::operator()(const char* name, double& field, const char* /*text*/) {
  take(name, reader_.number(name), field);
}

void OptionFields::operator()(const char* name, bool& field, const char* /*text*/) {
  take(name, reader_.boolean(name), field);
}

void OptionFields::operator()(const char* name, std::string& field, const char* /*text*/) {
  take(name, reader_.text(name), field);
}

void OptionFields::operator()(const char* name, std::optional<double>& field,
                              const char* /*text*/) {
  take(name, reader_.number(name), field);
}

void OptionFields::operator()(const char* name, Seconds& field, const char* /*text*/) {
  take(name, reader_.number(name), field);
}

void OptionFields::operator()(const char* name, Action::Kind& field, const char* /*text*/) {
  const auto choice = reader_.choice(
      name, {action_words[0].second, action_words[1].second, action_words[2].second});
  if (choice) {
    field = action_words[*choice].first;
  } else if (reader_.has(name)) {
    unread_.push_back(std::string("/") + name);
  }
}

void OptionFields::note(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    if (std::find(unread_.begin(), unread_.end(), mistake.path) == unread_.end()) {
      reader_.mistake(mistake.path.substr(1), mistake.what, mistake.allowed);
    }
  }
}

void OptionCheck::at_least(const char* name, double value, double least) {
  if (std::isfinite(value) && value >= least) return;
  add({std::string("/") + name, "is " + number_text(value), number_text(least) + " or more"});
}

void OptionCheck::above(const char* name, double value, double bound) {
  if (std::isfinite(value) && value > bound) return;
  add({std::string("/") + name, "is " + number_text(value),
       "a number above " + number_text(bound)});
}

void OptionCheck::between(const char* name, double value, double end) {
  if (value > 0 && value < end) return;
  add({std::string("/") + name, "is " + number_text(value),
       "a number above 0 and below " + number_text(end)});
}

void OptionCheck::finite(const char* name, double value) {
  if (std::isfinite(value)) return;
  add({std::string("/") + name, "is " + number_text(value), "a finite number"});
}

void OptionCheck::not_empty(const char* name, const std::string& value, const char* allowed) {
  if (value.empty()) add({std::string("/") + name, "is missing", allowed});
}

void refuse(std::vector<Mistake> mistakes) {
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
}

}  // namespace tunesmith
