// Constraints: a text is refused, or can be evaluated, and twice with the same result.
#include "fuzz/fuzz.hpp"
#include "tunesmith/space.hpp"

using namespace tunesmith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1e-1, .scale = Scale::log})
      .add_int("layers", {.min = -3, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("momentum", {.min = 0, .max = 0.9, .when = {{"optimizer", {"sgd"}}}})
      .add_fixed("flag", true)
      .add_constraint(std::string(fuzz::text_of(data, size)));
  const std::vector<Mistake> mistakes = space.validate();
  for (const Mistake& mistake : mistakes) {
    fuzz::require(mistake.path == "/constraints/0", "only the constraint can be wrong");
  }
  if (!mistakes.empty()) return 0;
  for (const double x : {0.0, 0.3, 1.0}) {
    const Configuration configuration = space.decode(std::vector<double>{x, 1 - x, x, x});
    fuzz::require(space.satisfies(configuration) == space.satisfies(configuration),
                  "a constraint holds or does not");
  }
  return 0;
}
