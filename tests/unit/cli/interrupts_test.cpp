#include "cli/interrupts.hpp"

#include <csignal>
#include <future>

#include "support/catch.hpp"

namespace tunesmith::cli {

TEST_CASE("interrupts: signals are counted on another thread, and only while somebody listens") {
  struct sigaction before = {};
  sigaction(SIGINT, nullptr, &before);
  {
    std::promise<int> first;
    std::promise<int> second;
    Interrupts listener(
        [&](int signal, int count) { (count == 1 ? first : second).set_value(signal); });
    raise(SIGINT);
    CHECK(first.get_future().get() == SIGINT);
    raise(SIGTERM);
    CHECK(second.get_future().get() == SIGTERM);
    CHECK(listener.count() == 2);
  }
  struct sigaction after = {};
  sigaction(SIGINT, nullptr, &after);
  CHECK(after.sa_handler == before.sa_handler);
}

}  // namespace tunesmith::cli
