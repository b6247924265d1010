#include "tunesmith/error.hpp"

#include <set>
#include <string>

#include "support/catch.hpp"

using tunesmith::Error;
using tunesmith::ErrorCode;
using tunesmith::Mistake;

TEST_CASE("a mistake reads as path, what and allowed", "[core]") {
  CHECK(to_string(Mistake{"/lr/min", "is 0", "a number above 0"}) ==
        "/lr/min: is 0 (allowed: a number above 0)");
  CHECK(to_string(Mistake{"/lr", "is missing", ""}) == "/lr: is missing");
  CHECK(to_string(Mistake{"", "is not JSON", ""}) == "(document): is not JSON");
}

TEST_CASE("an error lists every mistake, one per line, and keeps them", "[core]") {
  const std::vector<Mistake> mistakes = {{"/a", "is 1", "2"}, {"/b", "is missing", ""}};
  const Error error(ErrorCode::invalid_job, mistakes);
  CHECK(error.code() == ErrorCode::invalid_job);
  CHECK(error.mistakes() == mistakes);
  CHECK(std::string(error.what()) == "/a: is 1 (allowed: 2)\n/b: is missing");
}

TEST_CASE("an error in words has no mistakes", "[core]") {
  const Error error(ErrorCode::store_busy, "held by host-1, process 7");
  CHECK(error.mistakes().empty());
  CHECK(std::string(error.what()) == "held by host-1, process 7");
}

TEST_CASE("every code has a name of its own", "[core]") {
  std::set<std::string> names;
  const auto last = static_cast<int>(ErrorCode::executor_failed);
  for (int code = 0; code <= last; ++code) names.insert(to_string(static_cast<ErrorCode>(code)));
  CHECK(names.size() == static_cast<std::size_t>(last) + 1);
  CHECK(names.count("unknown") == 0);
  CHECK(std::string(to_string(ErrorCode::invalid_space)) == "invalid_space");
}
