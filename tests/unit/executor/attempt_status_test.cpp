#include "executor/attempt_status.hpp"

#include "support/catch.hpp"

namespace tunesmith {
namespace {

TEST_CASE("A status reads back as it was written") {
  AttemptStatus status{.cause = EndCause::time_limit,
                       .signal = 15,
                       .started = 1'795'000'000'123,
                       .ended = 1'795'000'009'456,
                       .output_bytes = 12'345'678'901,
                       .log_error = 28};
  const std::optional<AttemptStatus> read = parse_status(format_status(status));
  REQUIRE(read);
  CHECK(read->cause == EndCause::time_limit);
  CHECK_FALSE(read->exit_code);
  CHECK(read->signal == 15);
  CHECK(read->started == status.started);
  CHECK(read->ended == status.ended);
  CHECK(read->output_bytes == status.output_bytes);
  CHECK(read->start_error == 0);
  CHECK(read->log_error == 28);
}

TEST_CASE("A status that was cut anywhere is none") {
  const std::string whole = format_status({.cause = EndCause::exited, .exit_code = 0});
  CHECK(parse_status(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(parse_status(whole.substr(0, length)));
  }
  CHECK_FALSE(parse_status("tunesmith-attempt 1\ncause ?\nend\n"));
  CHECK_FALSE(parse_status("tunesmith-attempt 1\nnonsense\nend\n"));
  CHECK_FALSE(parse_status("tunesmith-attempt 1\nend\n"));
}

}  // namespace
}  // namespace tunesmith
