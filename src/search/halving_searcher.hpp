#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/json_reader.hpp"
#include "search/rung_study.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// Asks the strategy within a scheduler for configurations, showing it the study by rungs.
class HalvingSearcher {
 public:
  /// `chosen` null: `fallback`. A random searcher learns nothing and is shown the study as it is.
  /// `explores`: every third configuration is drawn at random. What a model takes for best is often
  /// what it has seen already, and values at low levels cost little (the share is that of Falkner,
  /// Klein & Hutter, "BOHB", ICML 2018).
  HalvingSearcher(std::shared_ptr<SearchStrategy> chosen,
                  const std::function<std::shared_ptr<SearchStrategy>()>& fallback,
                  const RungLadder& ladder, bool explores = false);

  std::vector<Suggestion> suggest(const StudyView& view, int count);

 private:
  std::shared_ptr<SearchStrategy> searcher_;
  bool learns_;
  /// Null: it does not explore.
  std::shared_ptr<SearchStrategy> explorer_;
  RungStudy study_;
};

/// The options that schedulers have in common, as their tables show them.
OptionInfo min_resource_option();
OptionInfo eta_option();
/// `fallback`: name of the default.
OptionInfo searcher_option(const std::string& fallback);
std::optional<std::int64_t> read_level(ObjectReader& options, const char* name, std::int64_t min);
/// The option "searcher": a name, or an object with "name" and options. Null where it is left out
/// or mistaken.
std::shared_ptr<SearchStrategy> read_searcher(ObjectReader& options);
/// What `make` gives; its mistakes go to the reader. Null where there are some.
std::shared_ptr<SearchStrategy> made_or_noted(
    ObjectReader& options, const std::function<std::shared_ptr<SearchStrategy>()>& make);

}  // namespace tunesmith
