#include "store/seal.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("a seal tells any change of one field, and where texts part") {
  const Event event = {.kind = EventKind::reported,
                       .trial = 1,
                       .attempt = 2,
                       .resource = 3,
                       .value = 4,
                       .time = 5,
                       .metric = "lossless",
                       .payload = "x"};
  const std::uint64_t seal = Seal().add(event).value();
  const auto changed = [&](auto change) {
    Event other = event;
    change(other);
    return Seal().add(other).value() != seal;
  };
  CHECK(changed([](Event& e) { e.kind = EventKind::measured; }));
  CHECK(changed([](Event& e) { e.trial = 2; }));
  CHECK(changed([](Event& e) { e.attempt = 1; }));
  CHECK(changed([](Event& e) { e.resource = NAN; }));
  CHECK(changed([](Event& e) { e.value = std::nextafter(4.0, 5.0); }));
  CHECK(changed([](Event& e) { e.time = -5; }));
  CHECK(changed([](Event& e) {
    e.metric = "lossles";
    e.payload = "sx";
  }));
  CHECK(changed([](Event& e) { e.payload = std::string("x\0", 2); }));
  CHECK(changed([](Event& e) { std::swap(e.metric, e.payload); }));
  CHECK(changed([](Event& e) { std::swap(e.resource, e.value); }));
}

TEST_CASE("a seal goes on from another, and every NaN is one") {
  CHECK(Seal(1).add(std::int64_t{2}).value() != Seal(2).add(std::int64_t{1}).value());
  CHECK(Seal().add(NAN).value() == Seal().add(-NAN).value());
  CHECK(Seal().add(0.0).value() != Seal().add(-0.0).value());
}
