#include "job/amt_fields.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "job/amt_table.hpp"

namespace tunesmith::amt {
namespace {

struct Line {
  std::size_t depth = 0;
  std::vector<std::string> words = {};
};

std::vector<Line> split(const char* table) {
  std::vector<Line> lines;
  std::istringstream text(table);
  for (std::string row; std::getline(text, row);) {
    Line line{.depth = row.find_first_not_of(' ') / 2};
    std::istringstream words(row);
    for (std::string word; words >> word;) line.words.push_back(word);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::optional<std::int64_t> limit(const std::vector<std::string>& words, std::size_t index) {
  return index < words.size() ? parse_integer(words[index]) : std::nullopt;
}

Field parse_field(const std::vector<std::string>& words) {
  Field field{.name = words[0]};
  if (field.name.back() == '!') {
    field.required = true;
    field.name.pop_back();
  }
  const std::string& kind = words[1];
  if (kind == "one_of") {
    field.kind = Kind::choice;
    field.choices.assign(words.begin() + 2, words.end());
    return field;
  }
  field.min = limit(words, 2);
  field.max = limit(words, 3);
  if (kind == "text") {
    field.kind = Kind::text;
    if (words.size() > 4) field.form = words[4];
  } else if (kind == "list") {
    field.kind = Kind::list;
  } else if (kind == "map") {
    field.kind = Kind::map;
  } else if (kind == "int") {
    field.kind = Kind::integer;
  } else if (kind == "float") {
    field.kind = Kind::real;
  } else if (kind == "bool") {
    field.kind = Kind::boolean;
  }
  return field;
}

std::vector<Field> parse_table(const char* table);

/// The fields from `at` on that lie at `depth`, with what is below them.
std::vector<Field> parse_level(const std::vector<Line>& lines, std::size_t& at, std::size_t depth) {
  std::vector<Field> fields;
  while (at < lines.size() && lines[at].depth == depth) {
    const std::vector<std::string>& words = lines[at].words;
    ++at;
    if (words[0] == "@ranges") return parse_table(ranges_table);
    if (words[0] == "@definition") return parse_table(definition_table);
    fields.push_back(parse_field(words));
    fields.back().children = parse_level(lines, at, depth + 1);
  }
  return fields;
}

std::vector<Field> parse_table(const char* table) {
  std::size_t at = 0;
  return parse_level(split(table), at, 0);
}

void collect_paths(const Field& field, const std::string& prefix, std::vector<std::string>& paths) {
  for (const Field& child : field.children) {
    const bool part = child.name.front() == '[' || child.name.front() == '{';
    const std::string path =
        prefix.empty() || part ? prefix + child.name : prefix + "." + child.name;
    paths.push_back(path);
    collect_paths(child, path, paths);
  }
}

class Checker {
 public:
  Checker(bool strict, std::vector<Mistake>& mistakes) : strict_(strict), mistakes_(mistakes) {}

  void check(const Field& field, const Json& json, const std::string& path) {
    if (json.is_discarded()) return;  // noted when the text was parsed
    switch (field.kind) {
      case Kind::structure:
        return structure(field, json, path);
      case Kind::list:
        return list(field, json, path);
      case Kind::map:
        return map(field, json, path);
      case Kind::text:
        return text(field, json, path);
      case Kind::choice:
        return choice(field, json, path);
      case Kind::integer:
        return integer(field, json, path);
      case Kind::real:
        if (!json.is_number()) wrong_type(json, path, "a number");
        return;
      case Kind::boolean:
        if (!json.is_boolean()) wrong_type(json, path, "true or false");
        return;
    }
  }

 private:
  void note(const std::string& path, std::string what, std::string allowed) {
    mistakes_.push_back({path, std::move(what), std::move(allowed)});
  }

  void wrong_type(const Json& json, const std::string& path, const std::string& wanted) {
    note(path, "is " + json_kind(json) + " (" + json_excerpt(json) + ")", wanted);
  }

  std::optional<std::int64_t> lower(const Field& field) const {
    if (strict_ || !field.min) return field.min;
    return std::min<std::int64_t>(*field.min, 1);
  }
  std::optional<std::int64_t> upper(const Field& field) const {
    return strict_ ? field.max : std::nullopt;
  }

  bool in_limits(const Field& field, std::int64_t value, const std::string& path,
                 const std::string& is, const std::string& of_what) {
    const auto min = lower(field);
    const auto max = upper(field);
    if ((!min || value >= *min) && (!max || value <= *max)) return true;
    std::string allowed = min ? "at least " + std::to_string(*min) : "";
    if (max) allowed += (min ? ", " : "") + ("at most " + std::to_string(*max));
    note(path, is, allowed + of_what);
    return false;
  }

  void structure(const Field& field, const Json& json, const std::string& path) {
    if (!json.is_object()) return wrong_type(json, path, "an object");
    std::vector<std::string> names;
    for (const Field& child : field.children) {
      names.push_back(child.name);
      const auto it = json.find(child.name);
      if (it != json.end()) {
        check(child, *it, path + pointer_step(child.name));
      } else if (child.required) {
        note(path + pointer_step(child.name), "is missing", words(child));
      }
    }
    for (const auto& [key, value] : json.items()) {
      if (std::find(names.begin(), names.end(), key) != names.end()) continue;
      const std::string guess = closest(key, names);
      std::string allowed;
      for (const std::string& name : names) allowed += (allowed.empty() ? "" : ", ") + name;
      note(path + pointer_step(key),
           guess.empty() ? "is not known here"
                         : "is not known here; did you mean \"" + guess + "\"?",
           allowed);
    }
  }

  void list(const Field& field, const Json& json, const std::string& path) {
    if (!json.is_array()) return wrong_type(json, path, "an array");
    const auto size = static_cast<std::int64_t>(json.size());
    in_limits(field, size, path, "has " + std::to_string(size) + " items", " items");
    for (std::size_t i = 0; i < json.size(); ++i) {
      check(field.children[0], json[i], path + pointer_step(i));
    }
  }

  void map(const Field& field, const Json& json, const std::string& path) {
    if (!json.is_object()) return wrong_type(json, path, "an object");
    const auto size = static_cast<std::int64_t>(json.size());
    in_limits(field, size, path, "has " + std::to_string(size) + " entries", " entries");
    for (const auto& [key, value] : json.items()) {
      const std::string entry = path + pointer_step(key);
      const std::size_t before = mistakes_.size();
      text(field.children[0], Json(key), entry);
      if (mistakes_.size() == before) check(field.children[1], value, entry);
    }
  }

  void text(const Field& field, const Json& json, const std::string& path) {
    if (!json.is_string()) {
      return wrong_type(json, path,
                        json.is_number() || json.is_boolean()
                            ? "a string: \"" + json_text(json) + "\" in quotes"
                            : "a string");
    }
    const auto& value = json.get_ref<const std::string&>();
    const auto length =
        static_cast<std::int64_t>(std::count_if(value.begin(), value.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }));
    const std::string is = value.empty() ? "is empty"
                                         : "is " + std::to_string(length) + " characters long (" +
                                               json_excerpt(json) + ")";
    if (!in_limits(field, length, path, is, " characters")) return;
    if (!field.form.empty() && !matches_form(field.form, value)) {
      note(path, "is " + json_excerpt(json), describe_form(field.form));
    }
  }

  void choice(const Field& field, const Json& json, const std::string& path) {
    if (!json.is_string()) return wrong_type(json, path, words(field));
    const auto& value = json.get_ref<const std::string&>();
    if (std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end()) return;
    const std::string guess = closest(value, field.choices);
    note(path,
         "is " + json_excerpt(json) +
             (guess.empty() ? std::string() : "; did you mean \"" + guess + "\"?"),
         words(field));
  }

  void integer(const Field& field, const Json& json, const std::string& path) {
    if (!json.is_number_integer()) return wrong_type(json, path, "an integer");
    in_limits(field, json.get<std::int64_t>(), path, "is " + json_excerpt(json), "");
  }

  static std::string words(const Field& field) {
    switch (field.kind) {
      case Kind::list:
        return "an array";
      case Kind::text:
        return "a string";
      case Kind::integer:
        return "an integer";
      case Kind::real:
        return "a number";
      case Kind::boolean:
        return "true or false";
      case Kind::choice: {
        std::string text = "one of";
        for (const std::string& name : field.choices) text += " \"" + name + "\"";
        return text;
      }
      default:
        return "an object";
    }
  }

  bool strict_;
  std::vector<Mistake>& mistakes_;
};

}  // namespace

Field request_fields() { return {.name = "", .children = parse_table(request_table)}; }

std::vector<std::string> field_paths(const Field& field) {
  std::vector<std::string> paths;
  collect_paths(field, "", paths);
  return paths;
}

void check_structure(const Field& field, const Json& json, const std::string& path, bool strict,
                     std::vector<Mistake>& mistakes) {
  Checker(strict, mistakes).check(field, json, path);
}

}  // namespace tunesmith::amt
