#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "search/cma_es_choices.hpp"
#include "search/cma_es_gaussian.hpp"

namespace tunesmith {

/// The distribution that CMA-ES draws from, and what it takes to move it by a generation and to
/// start it again with twice the population where it got stuck (IPOP: Auger & Hansen, "A restart
/// CMA evolution strategy with increasing population size", CEC 2005). A value; `axes` must outlive
/// it.
class CmaEsState {
 public:
  struct Member {
    CmaEsGaussian::Member numbers = {};
    std::vector<std::size_t> choices = {};
  };

  /// What a generation came to; members best first.
  struct Generation {
    std::vector<Member> members = {};
    /// Equal for equally good members.
    std::vector<int> places = {};
    /// Values of the one objective where there is one: of the best and of the middle member. None
    /// where it broke a constraint or failed.
    std::optional<double> best = {};
    std::optional<double> middle = {};
    /// Members that had to be taken elsewhere because what was drawn was known.
    int elsewhere = 0;
  };

  /// At the centre of the space, or where points known before are good: best first, all that are
  /// known (Nomura et al., "Warm starting CMA-ES for hyperparameter optimization", AAAI 2021).
  /// `population` 0: 4 + ⌊3 ln size⌋.
  CmaEsState(const CmaEsAxes& axes, std::uint64_t seed, int population,
             const std::vector<Member>& earlier = {});

  const CmaEsGaussian& gaussian() const { return gaussian_; }
  const CmaEsChoices& choices() const { return choices_; }
  /// How many results make a generation.
  int population() const { return population_; }
  int generation() const { return generation_; }
  int restarts() const { return restarts_; }

  Member sample(RandomStream& stream) const;
  void update(const Generation& results);

 private:
  void restart();
  bool is_stuck(const Generation& results) const;
  bool has_flattened() const;
  std::size_t history_length() const;

  const CmaEsAxes* axes_;
  std::uint64_t seed_;
  int population_;
  CmaEsGaussian gaussian_;
  CmaEsChoices choices_;
  int generation_ = 0;
  int restarts_ = 0;
  /// Since the last restart, one per generation.
  std::vector<double> best_;
  std::vector<double> middle_;
};

}  // namespace tunesmith
