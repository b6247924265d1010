#include <limits>
#include <set>
#include <string>
#include <vector>

#include "random_space.hpp"
#include "space/codec.hpp"
#include "support/catch.hpp"
#include "tunesmith/space.hpp"

namespace ts = tunesmith;

namespace {

/// Every configuration, by decoding every combination of values.
std::set<std::string> enumerate(const ts::Space& space) {
  std::vector<std::vector<double>> axes;
  for (const ts::Parameter& parameter : space.parameters()) {
    if (parameter.type == ts::ParameterType::fixed) continue;
    auto& axis = axes.emplace_back();
    for (std::uint64_t i = 0; i < parameter.cardinality().value(); ++i) {
      axis.push_back(ts::encode_value(parameter, parameter.value_at(i)));
    }
  }
  std::set<std::string> texts;
  std::vector<std::size_t> digits(axes.size());
  for (;;) {
    std::vector<double> unit;
    for (std::size_t k = 0; k < axes.size(); ++k) unit.push_back(axes[k][digits[k]]);
    texts.insert(space.decode(unit).to_json());
    std::size_t k = 0;
    while (k < axes.size() && ++digits[k] == axes[k].size()) digits[k++] = 0;
    if (k == axes.size()) return texts;
  }
}

}  // namespace

TEST_CASE("cardinality multiplies independent parameters") {
  ts::Space space;
  CHECK(space.cardinality() == 1U);
  space.add_int("a", {.min = 1, .max = 5}).add_categorical("b", {"x", "y", "z"});
  CHECK(space.cardinality() == 15U);
  space.add_fixed("c", 1.0).add_float("d", {.min = 0, .max = 1, .step = 0.25});
  CHECK(space.cardinality() == 75U);
  space.add_float("e", {.min = 2, .max = 2});
  CHECK(space.cardinality() == 75U);
  space.add_float("f", {.min = 0, .max = 1});
  CHECK_FALSE(space.cardinality().has_value());
}

TEST_CASE("cardinality counts inactive children once") {
  ts::Space space;
  space.add_categorical("optimizer", {"sgd", "adam", "rms"})
      .add_int("momentum", {.min = 1, .max = 10, .when = {{"optimizer", {"sgd", "rms"}}}})
      .add_int("nesterov", {.min = 1, .max = 2, .when = {{"momentum", {std::int64_t{4}}}}});
  REQUIRE(space.validate().empty());
  CHECK(space.cardinality() == 2U * (9 + 2) + 1);
}

TEST_CASE("cardinality says nothing where it does not fit") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ts::Space space;
  space.add_int("a", {.min = 0, .max = most});
  CHECK(space.cardinality() == std::uint64_t{1} << 63);
  space.add_int("b", {.min = 0, .max = 1});
  CHECK_FALSE(space.cardinality().has_value());
}

TEST_CASE("cardinality agrees with enumeration on random spaces") {
  int conditional = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ts::Space space = ts::testing::RandomSpace(seed, true).make();
    std::uint64_t combinations = 1;
    for (const auto& parameter : space.parameters()) {
      combinations *= parameter.cardinality().value();
      conditional += parameter.when.empty() ? 0 : 1;
    }
    if (combinations > 5000) continue;
    CAPTURE(seed, space.to_json());
    REQUIRE(space.cardinality() == enumerate(space).size());
  }
  CHECK(conditional > 100);
}

TEST_CASE("deep trees and long lists of conditions are counted in good time") {
  ts::Space chain;
  chain.add_categorical("p0", {true, false});
  for (int i = 1; i <= 60; ++i) {
    chain.add_categorical("p" + std::to_string(i), {true, false},
                          {.when = {{"p" + std::to_string(i - 1), {true}}}});
  }
  CHECK(chain.cardinality() == 62U);

  ts::Space fan;
  fan.add_int("depth", {.min = 1, .max = 60});
  for (std::int64_t i = 1; i <= 60; ++i) {
    std::vector<ts::Value> deeper;
    for (std::int64_t k = i; k <= 60; ++k) deeper.emplace_back(k);
    fan.add_int("width" + std::to_string(i), {.min = 0, .max = 1, .when = {{"depth", deeper}}});
  }
  CHECK(fan.cardinality() == (std::uint64_t{1} << 61) - 2);
}
