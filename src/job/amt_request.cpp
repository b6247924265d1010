#include "job/amt_request.hpp"

#include <algorithm>
#include <map>

#include "tunesmith/rungs.hpp"

namespace tunesmith::amt {

bool Part::mistaken(const std::string& path) const {
  return std::any_of(mistakes_->begin(), mistakes_->end(),
                     [&](const Mistake& mistake) { return mistake.path == path; });
}

bool Part::has(std::string_view key) const {
  return json_->is_object() && json_->find(std::string(key)) != json_->end();
}

std::optional<Part> Part::part(std::string_view key) const {
  if (!has(key) || mistaken(path(key))) return std::nullopt;
  return Part(json_->at(std::string(key)), path(key), *mistakes_);
}

std::optional<std::string> Part::text(std::string_view key) const {
  const auto field = part(key);
  if (!field || !field->json().is_string()) return std::nullopt;
  return field->json().get<std::string>();
}

std::optional<std::int64_t> Part::integer(std::string_view key) const {
  const auto field = part(key);
  if (!field || !field->json().is_number_integer()) return std::nullopt;
  return field->json().get<std::int64_t>();
}

std::optional<double> Part::number(std::string_view key) const {
  const auto field = part(key);
  if (!field || !field->json().is_number()) return std::nullopt;
  return field->json().get<double>();
}

bool Part::flag(std::string_view key) const {
  const auto field = part(key);
  return field && field->json().is_boolean() && field->json().get<bool>();
}

std::vector<Part> Part::items(std::string_view key) const {
  std::vector<Part> parts;
  const auto list = part(key);
  if (!list || !list->json().is_array()) return parts;
  for (std::size_t i = 0; i < list->json().size(); ++i) {
    const std::string item = list->path() + pointer_step(i);
    if (!mistaken(item) && list->json()[i].is_object()) {
      parts.emplace_back(list->json()[i], item, *mistakes_);
    }
  }
  return parts;
}

std::vector<Part::Text> Part::texts(std::string_view key) const {
  std::vector<Text> found;
  const auto field = part(key);
  if (!field) return found;
  const Json& json = field->json();
  if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string item = field->path() + pointer_step(i);
      if (json[i].is_string() && !mistaken(item)) {
        found.push_back({std::to_string(i), json[i].get<std::string>(), item});
      }
    }
  } else if (json.is_object()) {
    for (const auto& [name, value] : json.items()) {
      const std::string item = field->path(name);
      if (value.is_string() && !mistaken(item)) {
        found.push_back({name, value.get<std::string>(), item});
      }
    }
  }
  return found;
}

std::optional<std::int64_t> inferred_epochs(const Part& definition) {
  std::map<std::string, std::string> statics;
  for (const Part::Text& entry : definition.texts("StaticHyperParameters"))
    statics[entry.key] = entry.value;
  const std::optional<EpochsParameter> found = infer_epochs(statics);
  if (!found) return std::nullopt;
  return found->epochs;
}

}  // namespace tunesmith::amt
