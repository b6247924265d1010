#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tunesmith/space.hpp"

namespace tunesmith {

/// Walks through all configurations of a finite space without storing them, like an odometer:
/// parameters in the space's order (but parents before the children that depend on them), the last
/// one turning fastest. Inactive parameters stand still, so that no configuration comes twice;
/// those that break a constraint are passed over, and with them everything that shares their guilty
/// beginning.
class ConfigurationCounter {
 public:
  /// `space` must outlive the counter. Preconditions: it is valid, and each parameter has finitely
  /// many values.
  explicit ConfigurationCounter(const Space& space);

  /// Moves to the first configuration, then to the next one. `steps`, where given, goes down by one
  /// with every value that is tried. False: there is none left, or no step; `finished` tells which.
  bool next(std::uint64_t* steps = nullptr);
  bool finished() const noexcept { return finished_; }

  /// In the space's order and types. Precondition: the last `next` was true.
  Configuration configuration() const;

  /// Where it stands: the number of the value of each parameter, 0 where inactive.
  const std::vector<std::uint64_t>& digits() const noexcept { return digits_; }
  /// Goes to a place that `digits` gave, so that `next` moves to its successor. False, and back at
  /// the start, where the digits are no configuration of the space.
  bool resume_after(const std::vector<std::uint64_t>& digits);

 private:
  struct Wheel {
    const Parameter* parameter;
    std::uint64_t values;
  };

  void restart();
  /// Extends the beginning by wheel `position_` at its digit; false where a constraint is broken.
  bool place();
  /// Turns the last wheel up to and including `last` that can turn. False: none can.
  bool turn(std::size_t last);

  const Space& space_;
  std::vector<Wheel> wheels_;
  std::vector<std::uint64_t> digits_;
  std::vector<bool> active_;
  /// beginnings_[k]: the values of the first k wheels.
  std::vector<Configuration> beginnings_;
  /// Wheels placed so far; all of them: it stands at a configuration.
  std::size_t position_ = 0;
  bool standing_ = false;
  bool finished_ = false;
};

}  // namespace tunesmith
