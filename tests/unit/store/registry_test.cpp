#include <functional>

#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/store.hpp"

using namespace tunesmith;

namespace {

ErrorCode error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::executor_failed;
}

}  // namespace

TEST_CASE("store: a URL that names no store is refused in words") {
  for (const char* url : {"", "mnist.db", "sqlit:mnist.db", "memory:x", "sqlite:", "memory:?a=b",
                          "sqlite:x?durability=maybe", "sqlite:x?durability", "sqlite:x?=1",
                          "sqlite:x?durability=fast&durability=fast", "sqlite:x?mode=ro"}) {
    CAPTURE(url);
    CHECK(error_of([&] { open_store(url); }) == ErrorCode::invalid_argument);
  }
}
