#include "core/numbers.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("numbers are written as short as they can be read back", "[core]") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1e-5) == "1e-05");
  CHECK(number_text(12) == "12");
  CHECK(number_text(std::nan("")) == "nan");
  CHECK(number_text(-INFINITY) == "-inf");
  CHECK(real_text(1) == "1.0");
  CHECK(real_text(-3) == "-3.0");
  CHECK(real_text(1e300) == "1e+300");
  CHECK(real_text(INFINITY) == "inf");
}

TEST_CASE("every double reads back bit for bit", "[core]") {
  RandomStream stream(1, 0, "doubles");
  int finite = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = stream.next_u64();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    ++finite;
    const auto back = parse_number(number_text(value));
    REQUIRE(back.has_value());
    REQUIRE(std::memcmp(&*back, &value, sizeof value) == 0);
    REQUIRE(parse_number(real_text(value)) == value);
  }
  CHECK(finite > 19000);
  for (const double edge :
       {std::numeric_limits<double>::denorm_min(), 0.0, std::numeric_limits<double>::max(),
        std::numeric_limits<double>::min()}) {
    CHECK(parse_number(number_text(edge)) == edge);
  }
}

TEST_CASE("the whole text must be a number", "[core]") {
  CHECK(parse_number("+0.5") == 0.5);
  CHECK(parse_number("-1E-3") == -1e-3);
  CHECK(parse_number(".5") == 0.5);
  CHECK(std::isnan(parse_number("NaN").value()));
  CHECK(parse_number("Infinity") == INFINITY);
  CHECK(parse_number("-INF") == -INFINITY);
  for (const char* text :
       {"", " 1", "1 ", "1x", "0x10", "1,5", "+-1", "++1", "-", "+", ".", "e5", "1e"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text));
  }
}

TEST_CASE("out of range is infinity or nothing left", "[core]") {
  CHECK(parse_number("1e999") == INFINITY);
  CHECK(parse_number("-1e999") == -INFINITY);
  CHECK(parse_number("1e-999") == 0.0);
  CHECK(parse_number("+1e999") == INFINITY);
  CHECK(parse_number("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(parse_number("1" + std::string(400, '0')) == INFINITY);
  CHECK(parse_number("1" + std::string(400, '0') + ".5") == INFINITY);
  // What decides is the size of the number, not the sign of the exponent as written.
  CHECK(parse_number("0." + std::string(400, '0') + "1e5") == 0.0);
  CHECK(parse_number("-1" + std::string(400, '0') + "e-5") == -INFINITY);
  CHECK(parse_number("1e99999999999999999999") == INFINITY);
  CHECK(parse_number("1e-99999999999999999999") == 0.0);
}

TEST_CASE("integers are decimal and fit or are nothing", "[core]") {
  CHECK(parse_integer("42") == 42);
  CHECK(parse_integer("+42") == 42);
  CHECK(parse_integer("-9223372036854775808") == INT64_MIN);
  for (const char* text : {"", "+", "+-1", "1.0", "1e3", " 1", "9223372036854775808", "0x1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text));
  }
}
