#include "search/genome.hpp"

#include <set>

#include "support/catch.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

TEST_CASE("A change gives one active parameter another value") {
  const Space space = test::mixed_space();
  const Genome genome(space);
  std::set<std::string> changed;
  for (std::uint64_t i = 0; i < 400; ++i) {
    RandomStream random(3, i, "test");
    Genome::Point point(space.dimension());
    for (double& x : point) x = random.uniform();
    const Configuration before = space.decode(point);
    genome.change_one(point, random);
    const Configuration after = space.decode(point);
    int different = 0;
    for (const auto& [name, value] : before.values()) {
      const Value* other = after.find(name);
      if (other == nullptr || *other == value) continue;
      ++different;
      changed.insert(name);
    }
    CHECK(different == 1);
  }
  CHECK(changed.size() == space.dimension());
}

TEST_CASE("A parameter that becomes active has a value at random") {
  Space space;
  space.add_categorical("c", {"a", "b"})
      .add_float("x", {.min = 0, .max = 1, .when = {{"c", {"b"}}}});
  const Genome genome(space);
  std::set<double> values;
  for (std::uint64_t i = 0; i < 20; ++i) {
    RandomStream random(3, i, "test");
    Genome::Point point = genome.point_of(Configuration{{"c", std::string("a")}}, random);
    genome.change_one(point, random);
    const Configuration child = space.decode(point);
    CHECK(child.text("c") == "b");
    values.insert(child.number("x"));
  }
  CHECK(values.size() == 20);
}

TEST_CASE("A child of equal parents differs in one parameter on average, never outside the cube") {
  Space space;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "p" + std::to_string(i);
    if (i < 5) {
      space.add_float(name, {.min = 0, .max = 1});
    } else {
      space.add_categorical(name, {"a", "b", "c"});
    }
  }
  const Genome genome(space);
  CHECK(genome.genes() == 10);
  int different = 0;
  for (std::uint64_t i = 0; i < 500; ++i) {
    RandomStream random(3, i, "test");
    const Genome::Point parent(10, 0.5);
    const Genome::Point child = genome.child_of(parent, parent, random);
    for (const double x : child) {
      CHECK(x >= 0);
      CHECK(x <= 1);
      if (x != 0.5) ++different;
    }
  }
  CHECK(different > 400);
  CHECK(different < 600);
}

TEST_CASE("A child of two takes choices from either and numbers from around both") {
  Space space;
  space.add_categorical("c", {"a", "b"}).add_float("x", {.min = 0, .max = 1});
  const Genome genome(space);
  double sum = 0;
  int of_second = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    RandomStream random(5, i, "test");
    const Genome::Point child = genome.child_of({0.25, 0.3}, {0.75, 0.5}, random);
    of_second += child[0] == 0.75 ? 1 : 0;
    sum += child[1];
  }
  // Crossover in 0.9 · ½; half of the children then change the choice once more.
  CHECK(of_second == Approx(1000).margin(120));
  CHECK(sum / 2000 == Approx(0.3 + 0.45 * 0.1).margin(0.015));
}
