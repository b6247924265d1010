#pragma once

#include <string>
#include <vector>

#include "cli/board.hpp"

namespace tunesmith::cli {

/// Whether standard output is a terminal that can be redrawn: NO_COLOR and TERM=dumb say no.
bool is_interactive();

/// Of the terminal at standard output; 80 × 24 where it does not say.
ScreenSize screen_size();

/// Draws lines over those drawn before, below what else the terminal shows. Not thread-safe.
class Screen {
 public:
  /// Lines must be narrower than the screen and fewer than it has.
  void draw(const std::vector<std::string>& lines, ScreenSize size);
  /// Leaves what is drawn where it is: the next output goes below.
  void leave() { drawn_ = 0; }

 private:
  std::size_t drawn_ = 0;
  ScreenSize size_ = {};
};

}  // namespace tunesmith::cli
