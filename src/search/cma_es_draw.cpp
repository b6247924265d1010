#include "search/cma_es_draw.hpp"

#include <vector>

#include "core/random.hpp"

namespace tunesmith {

CmaEsState::Member drawn_member(const CmaEsState& state, std::uint64_t seed,
                                const CmaEsRecord& record) {
  const std::int64_t key = record.number * most_attempts + record.attempt;
  RandomStream stream(seed, static_cast<std::uint64_t>(key), "cma_es");
  return state.sample(stream);
}

CmaEsState::Member member_at(const CmaEsAxes& axes, const Space& space,
                             const Configuration& configuration) {
  const std::vector<double> point = space.encode(configuration);
  return {.numbers = {.x = axes.numbers_at(point)}, .choices = axes.choices_at(point)};
}

}  // namespace tunesmith
