#include "search/halving_searcher.hpp"

#include <algorithm>
#include <utility>

#include "core/json.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

constexpr std::size_t exploring = 3;

}  // namespace

HalvingSearcher::HalvingSearcher(std::shared_ptr<SearchStrategy> chosen,
                                 const std::function<std::shared_ptr<SearchStrategy>()>& fallback,
                                 const RungLadder& ladder, bool explores)
    : searcher_(chosen ? std::move(chosen) : fallback()),
      learns_(searcher_->name() != "random"),
      explorer_(explores ? random_search() : nullptr),
      study_(ladder) {}

std::vector<Suggestion> HalvingSearcher::suggest(const StudyView& view, int count) {
  if (count <= 0) return {};
  if (!learns_) return searcher_->suggest(view, count);
  const auto is_explored = [&](std::size_t place) {
    return explorer_ && (view.size() + place) % exploring == exploring - 1;
  };
  if (count == 1 && is_explored(0)) return explorer_->suggest(view, 1);
  auto found = searcher_->suggest(study_.at_top_level(view), count);
  // What is still to be gained is known of the study that the model was shown, not of this one.
  for (Suggestion& one : found) one.outlook.reset();
  if (!explorer_ || count == 1) return found;
  const auto drawn = explorer_->suggest(view, count);
  for (std::size_t i = 0; i < std::min(found.size(), drawn.size()); ++i) {
    const bool is_new = std::none_of(found.begin(), found.end(), [&](const Suggestion& other) {
      return other.configuration == drawn[i].configuration;
    });
    if (is_explored(i) && is_new) found[i] = drawn[i];
  }
  return found;
}

OptionInfo min_resource_option() {
  return {.name = "min_resource",
          .type = "int",
          .fallback = "1",
          .text = "Level of the lowest rung; 1 or more."};
}

OptionInfo eta_option() {
  return {.name = "eta",
          .type = "int",
          .fallback = "3",
          .text = "One of so many trials goes on from a rung; 2 or more."};
}

OptionInfo searcher_option(const std::string& fallback) {
  return {.name = "searcher",
          .type = "text",
          .fallback = "\"" + fallback + "\"",
          .text =
              "Name of the strategy that chooses the configurations, or an object with its "
              "name and options."};
}

std::optional<std::int64_t> read_level(ObjectReader& options, const char* name, std::int64_t min) {
  return options.integer(name, min, 1'000'000'000'000'000);
}

std::shared_ptr<SearchStrategy> read_searcher(ObjectReader& options) {
  const Json* value = options.find("searcher");
  if (value == nullptr || value->is_null()) return nullptr;
  const auto note = [&](const Mistake& mistake) {
    const std::string place = mistake.path.empty() ? "" : mistake.path.substr(1) + ": ";
    options.mistake("searcher", place + mistake.what, mistake.allowed);
  };
  const bool named = value->is_object() && value->contains("name") && (*value)["name"].is_string();
  if (!value->is_string() && !named) {
    note({"", "is " + json_kind(*value), "a strategy's name, or an object with name and options"});
    return nullptr;
  }
  Json inner = named ? *value : Json::object();
  const std::string name = named ? inner["name"].get<std::string>() : value->get<std::string>();
  if (named) inner.erase("name");
  try {
    return make_search(name, json_text(inner));
  } catch (const Error& error) {
    for (const Mistake& mistake : error.mistakes()) note(mistake);
    return nullptr;
  }
}

std::shared_ptr<SearchStrategy> made_or_noted(
    ObjectReader& options, const std::function<std::shared_ptr<SearchStrategy>()>& make) {
  try {
    return make();
  } catch (const Error& error) {
    for (const Mistake& mistake : error.mistakes()) {
      options.mistake(mistake.path.substr(1), mistake.what, mistake.allowed);
    }
    return nullptr;
  }
}

}  // namespace tunesmith
