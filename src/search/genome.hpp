#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// Mutation and crossover of configurations, as points of the unit cube. `space` must outlive it.
class Genome {
 public:
  using Point = std::vector<double>;

  explicit Genome(const Space& space);

  /// Parameters with more than one value.
  std::size_t genes() const { return genes_.size(); }

  /// Inactive parameters get values at random: should they become active, they have no past.
  /// Precondition: the configuration is one of the space's, constraints apart.
  Point point_of(const Configuration& configuration, RandomStream& random) const;

  /// Gives one active parameter another value: any other choice, a number not far away (standard
  /// deviation 1/5 of its range).
  void change_one(Point& point, RandomStream& random) const;

  /// A child of two: choices from either, numbers by simulated binary crossover, η = 15 (Deb &
  /// Agrawal, "Simulated binary crossover for continuous search space", 1995); then each parameter
  /// changes with probability 1/genes(), numbers by polynomial mutation, η = 20 (Deb & Goyal,
  /// 1996).
  Point child_of(const Point& a, const Point& b, RandomStream& random) const;

 private:
  struct Gene {
    const Parameter* parameter = nullptr;
    std::size_t coordinate = 0;
    bool is_choice = false;
    /// It has values that can be counted.
    bool has_cells = false;
  };

  /// Another cell than that of `before`; `after` where it is one.
  static double other_cell(const Gene& gene, double before, double after);
  static double other_choice(const Gene& gene, double before, RandomStream& random);

  const Space& space_;
  std::vector<Gene> genes_;
};

}  // namespace tunesmith
