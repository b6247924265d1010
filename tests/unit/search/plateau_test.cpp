#include "search/plateau.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

Space square() {
  Space space;
  space.add_float("x", {.min = 0, .max = 1})
      .add_float("y", {.min = 0, .max = 1})
      .add_categorical("c", {"a", "b"});
  return space.settled();
}

struct Fixture {
  Space space = square();
  FeatureEncoding encoding{space};
  std::vector<Observation> ended;

  Point at(double x, double y, double c) const {
    Point point(3);
    point << x, y, c;
    return encoding.canonical(point);
  }
  void add(const Point& point, double value, bool failed = false) {
    ended.push_back({point, {value}, {}, failed});
  }
};

}  // namespace

TEST_CASE("A plateau is where the three nearest trials gave one value", "[plateau]") {
  Fixture f;
  f.add(f.at(0.1, 0.1, 0.25), 2.0);
  f.add(f.at(0.2, 0.1, 0.25), 2.0);
  f.add(f.at(0.9, 0.9, 0.25), 3.0);
  const Vector ones = Vector::Ones(3);
  CHECK_FALSE(Plateaus(f.encoding, f.ended, ones).contain(f.at(0.15, 0.1, 0.25)));
  f.add(f.at(0.1, 0.2, 0.25), 2.0);
  const Plateaus plateaus(f.encoding, f.ended, ones);
  CHECK(plateaus.contain(f.at(0.15, 0.15, 0.25)));
  CHECK_FALSE(plateaus.contain(f.at(0.8, 0.8, 0.25)));
}

TEST_CASE("Values that differ in the last bit are no plateau", "[plateau]") {
  Fixture f;
  f.add(f.at(0.1, 0.1, 0.25), 1.0);
  f.add(f.at(0.2, 0.1, 0.25), 1.0);
  f.add(f.at(0.1, 0.2, 0.25), std::nextafter(1.0, 2.0));
  CHECK_FALSE(Plateaus(f.encoding, f.ended, Vector::Ones(3)).contain(f.at(0.1, 0.15, 0.25)));
}

TEST_CASE("Trials are near in the metric of the lengthscales", "[plateau]") {
  Fixture f;
  for (const double y : {0.0, 0.5, 1.0}) f.add(f.at(0.5, y, 0.25), 7.0);
  for (const double y : {0.0, 0.5, 1.0}) f.add(f.at(0.6, y, 0.25), 8.0);
  Vector lengthscales = Vector::Ones(3);
  CHECK_FALSE(Plateaus(f.encoding, f.ended, lengthscales).contain(f.at(0.5, 0.25, 0.25)));
  lengthscales[1] = 1000;
  CHECK(Plateaus(f.encoding, f.ended, lengthscales).contain(f.at(0.5, 0.25, 0.25)));
  // Another choice is at distance one over its lengthscale.
  for (const double y : {0.0, 0.5, 1.0}) f.add(f.at(0.5, y, 0.75), 9.0);
  CHECK(Plateaus(f.encoding, f.ended, lengthscales).contain(f.at(0.5, 0.25, 0.75)));
}

TEST_CASE("Failed trials make no plateau", "[plateau]") {
  Fixture f;
  for (const double x : {0.1, 0.2, 0.3}) f.add(f.at(x, 0.5, 0.25), 1.0, true);
  CHECK_FALSE(Plateaus(f.encoding, f.ended, Vector::Ones(3)).contain(f.at(0.2, 0.5, 0.25)));
}

TEST_CASE("On a plateau every objective repeats", "[plateau]") {
  Fixture f;
  for (const double x : {0.1, 0.2, 0.3})
    f.ended.push_back({f.at(x, 0.5, 0.25), {1.0, 2.0}, {}, false});
  CHECK(Plateaus(f.encoding, f.ended, Vector::Ones(3)).contain(f.at(0.2, 0.4, 0.25)));
  f.ended.back().objectives = {1.0, 3.0};
  CHECK_FALSE(Plateaus(f.encoding, f.ended, Vector::Ones(3)).contain(f.at(0.2, 0.4, 0.25)));
}
