#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"

namespace tunesmith::amt {

enum class Kind { structure, list, map, text, choice, integer, real, boolean };

/// One field of SageMaker's CreateHyperParameterTuningJob request, as its published service model
/// declares it.
struct Field {
  /// Key in its structure; "[]" for a list's items, "{key}" and "{value}" for a map's entries.
  std::string name = {};
  Kind kind = Kind::structure;
  bool required = false;
  /// Of a text's length in characters, a list's or map's size, an integer's value.
  std::optional<std::int64_t> min = {};
  std::optional<std::int64_t> max = {};
  /// Name of a text's form, see matches_form.
  std::string form = {};
  /// Values of a choice.
  std::vector<std::string> choices = {};
  std::vector<Field> children = {};
};

/// The root structure of the request.
Field request_fields();

/// Every path below `field`, e.g. "ResourceLimits.MaxParallelTrainingJobs", "Tags[].Key",
/// "Environment{key}".
std::vector<std::string> field_paths(const Field& field);

/// Checks types, required and unknown members, choices and forms; with `strict` also the service's
/// own sizes. Without it, a limit counts only as far as it says "not empty" or "at least 1".
void check_structure(const Field& field, const Json& json, const std::string& path, bool strict,
                     std::vector<Mistake>& mistakes);

/// Whether a text has a form that the table names; every unknown name is a defect of the table.
bool matches_form(const std::string& form, const std::string& text);
/// The form in words.
std::string describe_form(const std::string& form);

}  // namespace tunesmith::amt
