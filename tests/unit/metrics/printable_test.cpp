#include "metrics/printable.hpp"

#include <string>

#include "support/catch.hpp"

using tunesmith::printable;
using tunesmith::utf8_length;

TEST_CASE("valid characters stay, everything else is escaped") {
  CHECK(printable("loss \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "loss \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(printable(std::string("\0\t\x1b\x7f\xff", 5)) == "\\x00 \\x1b\\x7f\\xff");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a lone surrogate
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable("12345", 3) == "123...");
  CHECK(printable("123", 3) == "123");
}

TEST_CASE("what UTF-8 forbids has no length") {
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xbf\xbf",
                           "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3x"}) {
    CHECK(utf8_length(text, 0) == 0);
  }
  CHECK(utf8_length("\xf4\x8f\xbf\xbf", 0) == 4);
  CHECK(utf8_length("\xed\x9f\xbf", 0) == 3);
  CHECK(utf8_length("\xc2\x80", 0) == 2);
}
