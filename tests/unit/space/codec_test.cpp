#include "space/codec.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/space.hpp"

namespace ts = tunesmith;

namespace {

double ulps(double a, double b) {
  if (a == b) return 0;
  const double size = std::max(std::fabs(a), std::fabs(b));
  return std::fabs(a - b) / (std::nextafter(size, INFINITY) - size);
}

ts::Parameter only(const ts::Space& space) {
  REQUIRE(space.validate().empty());
  return space.parameters().front();
}

ts::Parameter real(ts::FloatOptions options) {
  return only(ts::Space().add_float("x", std::move(options)));
}

ts::Parameter whole(ts::IntOptions options) {
  return only(ts::Space().add_int("x", std::move(options)));
}

double real_at(const ts::Parameter& parameter, double u) {
  return std::get<double>(ts::decode_value(parameter, u));
}

std::int64_t whole_at(const ts::Parameter& parameter, double u) {
  return std::get<std::int64_t>(ts::decode_value(parameter, u));
}

}  // namespace

TEST_CASE("floats follow the formula of their scale") {
  const auto linear = real({.min = -2, .max = 6, .scale = ts::Scale::linear});
  CHECK(real_at(linear, 0.25) == 0.0);
  CHECK(ts::encode_value(linear, 0.0) == 0.25);

  const auto log = real({.min = 1e-4, .max = 1, .scale = ts::Scale::log});
  CHECK(real_at(log, 0.5) == Approx(1e-2).epsilon(1e-14));
  CHECK(ts::encode_value(log, 1e-3) == Approx(0.25).epsilon(1e-14));

  // t = -ln(1 - x): from 0 to ln 1000, so a third of the way lies at 1 - 0.1.
  const auto reverse = real({.min = 0, .max = 0.999, .scale = ts::Scale::reverse_log});
  CHECK(real_at(reverse, 1.0 / 3) == Approx(0.9).epsilon(1e-14));
  CHECK(ts::encode_value(reverse, 0.99) == Approx(2.0 / 3).epsilon(1e-14));
}

TEST_CASE("floats stay inside their range and reach both ends") {
  for (const auto& parameter : {real({.min = 1e-5, .max = 0.1, .scale = ts::Scale::log}),
                                real({.min = 0.1, .max = 0.3, .scale = ts::Scale::linear}),
                                real({.min = 0.5, .max = 0.999, .scale = ts::Scale::reverse_log}),
                                real({.min = -1.7e308, .max = 1.7e308, .scale = ts::Scale::linear}),
                                real({.min = 5e-324, .max = 1.7e308, .scale = ts::Scale::log})}) {
    CHECK(real_at(parameter, 0) == parameter.min);
    CHECK(real_at(parameter, 1) == parameter.max);
    CHECK(real_at(parameter, -3) == parameter.min);
    CHECK(real_at(parameter, 7) == parameter.max);
    for (const double u : {5e-324, 1e-17, 0x1p-53, 0.5, 1 - 0x1p-53}) {
      CHECK(real_at(parameter, u) >= parameter.min);
      CHECK(real_at(parameter, u) <= parameter.max);
    }
  }
}

TEST_CASE(
    "a float comes back as near as doubles of the unit interval allow, and unchanged the second "
    "time") {
  const std::vector<ts::FloatOptions> ranges{
      {.min = 0, .max = 1, .scale = ts::Scale::linear},
      {.min = 0.1, .max = 37.5, .scale = ts::Scale::linear},
      {.min = 1e-5, .max = 0.1, .scale = ts::Scale::log},
      {.min = 1e300, .max = 1e301, .scale = ts::Scale::log},
      {.min = 1e-300, .max = 1e300, .scale = ts::Scale::log},
      {.min = 0, .max = 0.999, .scale = ts::Scale::reverse_log},
      {.min = 0.5, .max = 1 - 1e-15, .scale = ts::Scale::reverse_log},
  };
  // 2^-53 of the scaled range, as a distance in x, given as parts of x.
  const auto resolution = [](const ts::FloatOptions& range, double x) {
    switch (range.scale) {
      case ts::Scale::log:
        return 0x1p-53 * (std::log(range.max) - std::log(range.min));
      case ts::Scale::reverse_log:
        return 0x1p-53 * (std::log1p(-range.min) - std::log1p(-range.max)) * (1 - x) / x;
      default:
        return 0.0;  // near min the doubles of the unit interval lie as close
    }
  };
  ts::RandomStream random(1, 0, "codec test");
  for (const ts::FloatOptions& range : ranges) {
    const auto parameter = real(range);
    CAPTURE(range.min, range.max);
    for (int i = 0; i < 2000; ++i) {
      const double once = real_at(parameter, random.uniform());
      REQUIRE(real_at(parameter, ts::encode_value(parameter, once)) == once);
      const double x = std::clamp(once * (1 + 1e-9 * random.uniform()), range.min, range.max);
      const double back = real_at(parameter, ts::encode_value(parameter, x));
      REQUIRE(ulps(back, x) <= 2 + resolution(range, x) * 0x1p53);
      REQUIRE(real_at(parameter, ts::encode_value(parameter, back)) == back);
    }
  }
}

TEST_CASE("a range across zero loses no more than its width in 2^-53") {
  const auto parameter = real({.min = -1, .max = 1, .scale = ts::Scale::linear});
  ts::RandomStream random(2, 0, "codec test");
  for (int i = 0; i < 2000; ++i) {
    const double x = std::ldexp(random.uniform() - 0.5, -static_cast<int>(random.below(60)));
    const double back = real_at(parameter, ts::encode_value(parameter, x));
    REQUIRE(std::fabs(back - x) <= 0x1p-53 * 2);
    REQUIRE(real_at(parameter, ts::encode_value(parameter, back)) == back);
  }
}

TEST_CASE("ints take equal shares of a linear scale") {
  const auto parameter = whole({.min = 3, .max = 6, .scale = ts::Scale::linear});
  CHECK(whole_at(parameter, 0) == 3);
  CHECK(whole_at(parameter, 0.2499) == 3);
  CHECK(whole_at(parameter, 0.25) == 4);
  CHECK(whole_at(parameter, 0.75) == 6);
  CHECK(whole_at(parameter, 1) == 6);
  CHECK(ts::encode_value(parameter, std::int64_t{4}) == 0.375);
}

TEST_CASE("ints on a log scale are widened by half a step before scaling") {
  // Cells of 1 and 2 end at ln 1.5 and ln 2.5, on the way from ln 0.5 to ln 8.5.
  const auto parameter = whole({.min = 1, .max = 8, .scale = ts::Scale::log});
  const double width = std::log(8.5 / 0.5);
  CHECK(ts::encode_value(parameter, std::int64_t{1}) == Approx(std::log(3.0) / 2 / width));
  CHECK(ts::encode_value(parameter, std::int64_t{2}) ==
        Approx((std::log(3.0) + std::log(5.0)) / 2 / width));
  CHECK(whole_at(parameter, std::log(3.0) / width - 1e-9) == 1);
  CHECK(whole_at(parameter, std::log(3.0) / width + 1e-9) == 2);
}

TEST_CASE("ints come back exactly") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::vector<ts::IntOptions> exact{
      {.min = 0, .max = 10},
      {.min = 7, .max = 7},
      {.min = 1, .max = 1, .scale = ts::Scale::log},
      {.min = -5, .max = 1000, .step = 7},
      {.min = 1, .max = 1000, .scale = ts::Scale::log},
      {.min = 1, .max = 100, .scale = ts::Scale::log, .step = 10},
      {.min = 16, .max = 4096, .scale = ts::Scale::log, .step = 16},
      {.min = 1, .max = 1'000'000'000'000, .scale = ts::Scale::log},
      {.min = most - 1000, .max = most},
      {.min = least, .max = least + 1000},
      {.min = most - 1000, .max = most, .scale = ts::Scale::linear, .step = 3},
      {.min = -(std::int64_t{1} << 49), .max = std::int64_t{1} << 49},
      {.min = least, .max = most, .step = std::int64_t{1} << 20},
  };
  ts::RandomStream random(3, 0, "codec test");
  for (const auto& options : exact) {
    const auto parameter = whole(options);
    const std::uint64_t count = parameter.cardinality().value();
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t index = i == 0 ? 0 : i == 1 ? count - 1 : random.below(count);
      const ts::Value value = parameter.value_at(index);
      REQUIRE(parameter.index_of(value) == index);
      REQUIRE(ts::decode_value(parameter, ts::encode_value(parameter, value)) == value);
    }
  }
}

TEST_CASE("all 64-bit ints decode within range, as near as doubles allow") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const auto parameter = whole({.min = least, .max = most});
  CHECK_FALSE(parameter.cardinality().has_value());
  CHECK(whole_at(parameter, 0) == least);
  CHECK(whole_at(parameter, 1) == most);
  CHECK(whole_at(parameter, 0.5) == 0);
  ts::RandomStream random(4, 0, "codec test");
  for (int i = 0; i < 1000; ++i) {
    const auto x = static_cast<std::int64_t>(random.next_u64());
    const std::int64_t back = whole_at(parameter, ts::encode_value(parameter, x));
    REQUIRE(std::fabs(static_cast<double>(back) - static_cast<double>(x)) <= 0x1p12);
    REQUIRE(whole_at(parameter, ts::encode_value(parameter, back)) == back);
  }
}

TEST_CASE("stepped floats are the decimals people mean") {
  const auto tenths = real({.min = 0, .max = 1, .step = 0.1});
  REQUIRE(tenths.cardinality() == 11U);
  CHECK(tenths.value_at(3) == ts::Value(0.3));
  CHECK(tenths.value_at(7) == ts::Value(0.7));
  CHECK(tenths.value_at(10) == ts::Value(1.0));

  const auto open_end = real({.min = 0.05, .max = 1, .step = 0.3});
  REQUIRE(open_end.cardinality() == 4U);
  CHECK(open_end.value_at(3) == ts::Value(0.95));

  const auto thirds = real({.min = 0, .max = 1, .step = 1.0 / 3});
  REQUIRE(thirds.cardinality() == 4U);
  CHECK(thirds.value_at(3) == ts::Value(1.0));

  const auto large = real({.min = 1e15, .max = 1e15 + 1, .step = 0.125});
  REQUIRE(large.cardinality() == 9U);
  CHECK(large.value_at(1) == ts::Value(1e15 + 0.125));
}

TEST_CASE("stepped floats come back exactly, on every scale") {
  const std::vector<ts::FloatOptions> ranges{
      {.min = 0, .max = 1, .step = 0.1},
      {.min = -3, .max = 3, .step = 0.7},
      {.min = 0, .max = 1, .scale = ts::Scale::linear, .step = 1.0 / 3},
      {.min = 0.001, .max = 1, .scale = ts::Scale::log, .step = 0.001},
      {.min = 0.01, .max = 10, .scale = ts::Scale::log, .step = 0.5},
      {.min = 0, .max = 0.99, .scale = ts::Scale::reverse_log, .step = 0.01},
      {.min = 0.2, .max = 0.999, .scale = ts::Scale::reverse_log, .step = 0.1},
      {.min = 2, .max = 2, .step = 0.1},
      {.min = 3.14159, .max = 2718.28, .step = 0.00123},
  };
  for (const auto& options : ranges) {
    const auto parameter = real(options);
    const std::uint64_t count = parameter.cardinality().value();
    double previous = -INFINITY;
    for (std::uint64_t i = 0; i < count; i += 1 + count / 5000) {
      const double value = std::get<double>(parameter.value_at(i));
      REQUIRE(value > previous);
      REQUIRE(value >= parameter.min);
      REQUIRE(value <= parameter.max);
      REQUIRE(parameter.index_of(value) == i);
      REQUIRE(real_at(parameter, ts::encode_value(parameter, value)) == value);
      previous = value;
    }
  }
}

TEST_CASE("choices take equal shares and come back exactly") {
  const auto parameter = only(ts::Space().add_categorical("x", {"a", std::int64_t{1}, true, 2.5}));
  for (std::uint64_t i = 0; i < 4; ++i) {
    const ts::Value value = parameter.value_at(i);
    CHECK(ts::encode_value(parameter, value) == (static_cast<double>(i) + 0.5) / 4);
    CHECK(ts::decode_value(parameter, (static_cast<double>(i) + 0.01) / 4) == value);
  }
  CHECK(ts::decode_value(parameter, 1) == ts::Value(2.5));
}

TEST_CASE("a space decodes to active parameters only, in its order") {
  ts::Space space;
  space.add_float("momentum", {.min = 0, .max = 1, .when = {{"optimizer", {"sgd"}}}})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_fixed("seed", std::int64_t{7})
      .add_float("beta", {.min = 0, .max = 1, .when = {{"optimizer", {"adam"}}}});
  REQUIRE(space.validate().empty());
  REQUIRE(space.dimension() == 3);
  const std::vector<double> unit{0.25, 0.2, 0.75};
  const ts::Configuration sgd = space.decode(unit);
  CHECK(sgd ==
        ts::Configuration{{"momentum", 0.25}, {"optimizer", "sgd"}, {"seed", std::int64_t{7}}});
  CHECK(space.encode(sgd) == std::vector<double>{0.25, 0.25, 0.5});

  CHECK_THROWS_AS(space.decode(std::vector<double>{0.5}), ts::Error);
  CHECK_THROWS_AS(space.decode(std::vector<double>{0.5, 0.5, std::nan("")}), ts::Error);
}
