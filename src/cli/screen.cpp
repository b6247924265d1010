#include "cli/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tunesmith::cli {

bool is_interactive() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (term == nullptr || std::string_view(term) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

ScreenSize screen_size() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {.width = size.ws_col, .height = size.ws_row};
}

void Screen::draw(const std::vector<std::string>& lines, ScreenSize size) {
  std::string out;
  if (drawn_ > 0 && (size.width != size_.width || size.height != size_.height)) {
    out += "\x1b[2J\x1b[H";  // the terminal has re-wrapped what was drawn: begin anew
  } else if (drawn_ > 0) {
    out += "\x1b[" + std::to_string(drawn_) + "A";
  }
  for (const std::string& line : lines) out += "\r\x1b[K" + line + "\n";
  out += "\x1b[J";
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
  drawn_ = lines.size();
  size_ = size;
}

}  // namespace tunesmith::cli
