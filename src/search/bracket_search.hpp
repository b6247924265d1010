#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "search/halving_searcher.hpp"
#include "search/view_follower.hpp"
#include "tunesmith/rungs.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// Synchronous halving: trials fill brackets in the order of their numbers, brackets come by turns.
class BracketSearch final : public SearchStrategy {
 public:
  BracketSearch(std::string name, std::vector<Bracket> brackets, std::int64_t eta,
                HalvingSearcher searcher);

  std::string name() const override { return name_; }
  std::vector<Suggestion> suggest(const StudyView& view, int count) override;

 private:
  /// A bracket and its trials.
  struct Place {
    const Bracket* bracket = nullptr;
    TrialId first = 0;
    TrialId end = 0;
  };
  Place place(std::size_t turn) const;
  /// No trial from `limit` on will come.
  void add_steps(const StudyView& view, TrialId limit, std::vector<Suggestion>& retired,
                 std::vector<Suggestion>& resumed);
  /// The turn's suggestions; false: all of its trials are over.
  bool add_turn(const StudyView& view, const Place& at, std::vector<Suggestion>& retired,
                std::vector<Suggestion>& resumed) const;
  std::size_t number_to_stay(std::size_t members, const Rung& from, const Rung& to) const;

  std::string name_;
  std::vector<Bracket> brackets_;
  std::int64_t eta_;
  std::mutex mutex_;
  HalvingSearcher searcher_;
  ViewFollower follower_;
  /// Turns before are over.
  std::size_t first_turn_ = 0;
};

/// What a bracket search makes of the options. Throws Error{invalid_argument}.
std::shared_ptr<SearchStrategy> bracket_search(const std::string& name,
                                               const HalvingSearchOptions& options,
                                               bool first_bracket_alone);

/// Reads the options of HalvingSearchOptions.
HalvingSearchOptions read_halving_options(ObjectReader& options);
std::vector<OptionInfo> halving_options();

}  // namespace tunesmith
