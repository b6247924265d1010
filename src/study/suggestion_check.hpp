#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "tunesmith/search.hpp"

namespace tunesmith {

/// Holds strategies to their contract. Feed it views of one study, each at least as long as the one
/// before. Not synchronised.
class SuggestionCheck {
 public:
  /// Throws Error{invalid_argument} naming the strategy where the suggestion lies outside the
  /// space, repeats a trial of the view without saying so, repeats one wrongly, or resumes or
  /// retires one that is not paused. O(parameters) beside the trials that are new in the view.
  void operator()(const StudyView& view, const Suggestion& suggestion, std::string_view strategy);

 private:
  static void check_goes_on(const StudyView& view, const Suggestion& suggestion,
                            std::string_view strategy);
  std::optional<TrialId> find(const StudyView& view, const Configuration& configuration);

  std::unordered_multimap<std::uint64_t, TrialId> trials_;
};

}  // namespace tunesmith
