// Spaces: a text is refused, or gives a space whose points decode to its own configurations.
#include "tunesmith/space.hpp"

#include "core/random.hpp"
#include "fuzz/fuzz.hpp"
#include "tunesmith/error.hpp"

using namespace tunesmith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Space space;
  try {
    space = Space::from_json(fuzz::text_of(data, size));
  } catch (const Error&) {
    return 0;
  }
  fuzz::require(space.validate().empty(), "what was read is valid");
  fuzz::require(Space::from_json(space.to_json()) == space, "a space reads back");
  const Space settled = space.settled();
  for (std::uint64_t i = 0; i < 4; ++i) {
    RandomStream random(1, i, "fuzz");
    std::vector<double> point(settled.dimension());
    for (double& x : point) x = i == 0 ? 0 : i == 1 ? 1 : random.uniform();
    const Configuration configuration = settled.decode(point);
    if (settled.satisfies(configuration)) {
      fuzz::require(settled.check(configuration).empty(), "what is decoded is the space's");
    }
    fuzz::require(settled.decode(settled.encode(configuration)) == configuration,
                  "what was decoded comes back");
    fuzz::require(Configuration::from_json(configuration.to_json()) == configuration,
                  "a configuration reads back");
  }
  return 0;
}
