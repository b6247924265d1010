#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stopping/rule_plugin.hpp"

namespace tunesmith {

/// The options of a rule, listed once for all who need them: a generic lambda
/// `[](auto& options, auto& visitor)` that calls visitor("name", options.name, "text") for each.

/// Collects what the table shows.
class OptionTable {
 public:
  void operator()(const char* name, int field, const char* text);
  void operator()(const char* name, double field, const char* text);
  void operator()(const char* name, bool field, const char* text);
  void operator()(const char* name, const std::string& field, const char* text);
  void operator()(const char* name, const std::optional<double>& field, const char* text);
  void operator()(const char* name, Seconds field, const char* text);
  void operator()(const char* name, Action::Kind field, const char* text);

  std::vector<OptionInfo> infos = {};
};

/// Reads what is written.
class OptionFields {
 public:
  explicit OptionFields(ObjectReader& reader) : reader_(reader) {}

  void operator()(const char* name, int& field, const char* text);
  void operator()(const char* name, double& field, const char* text);
  void operator()(const char* name, bool& field, const char* text);
  void operator()(const char* name, std::string& field, const char* text);
  void operator()(const char* name, std::optional<double>& field, const char* text);
  void operator()(const char* name, Seconds& field, const char* text);
  void operator()(const char* name, Action::Kind& field, const char* text);

  /// What is wrong with the fields, but for those that could not be read.
  void note(const std::vector<Mistake>& mistakes);

 private:
  template <typename Read, typename Field>
  void take(const char* name, const std::optional<Read>& read, Field& field);

  ObjectReader& reader_;
  std::vector<std::string> unread_ = {};
};

/// Collects mistakes of option values, for messages such as "is 0 | 1 or more".
class OptionCheck {
 public:
  void at_least(const char* name, double value, double least);
  void above(const char* name, double value, double bound);
  /// Above 0 and below `end`.
  void between(const char* name, double value, double end);
  void finite(const char* name, double value);
  void not_empty(const char* name, const std::string& value, const char* allowed);
  void add(Mistake mistake) { mistakes.push_back(std::move(mistake)); }

  std::vector<Mistake> mistakes = {};
};

/// Throws Error{invalid_argument} where there are any.
void refuse(std::vector<Mistake> mistakes);

inline constexpr const char* action_text =
    "What is to be done: \"stop_trial\", \"stop_study\" or \"notify\".";

/// The registry's entry of the rule that `make` makes; `check` says what is wrong with options.
template <typename Options, typename Visit>
RulePlugin rule_plugin(const char* name, const char* summary,
                       std::shared_ptr<StoppingRule> (*make)(Options),
                       std::vector<Mistake> (*check)(const Options&), Visit visit) {
  OptionTable table;
  const Options fallback;
  visit(fallback, table);
  return {.info = {.name = name, .summary = summary, .options = std::move(table.infos)},
          .make = [make, check, visit](ObjectReader& reader) -> std::shared_ptr<StoppingRule> {
            Options options;
            OptionFields fields(reader);
            visit(options, fields);
            const std::vector<Mistake> mistakes = check(options);
            fields.note(mistakes);
            return mistakes.empty() ? make(std::move(options)) : nullptr;
          }};
}

}  // namespace tunesmith
