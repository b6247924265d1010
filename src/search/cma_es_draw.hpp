#pragma once

#include "search/cma_es_record.hpp"
#include "search/cma_es_state.hpp"

namespace tunesmith {

/// The draw that a record stands for: the same whenever it is made again. Precondition: it was made
/// from `state`, record.attempt ≥ 0.
CmaEsState::Member drawn_member(const CmaEsState& state, std::uint64_t seed,
                                const CmaEsRecord& record);

/// Where a configuration lies. Precondition: it is one of the space's, constraints apart.
CmaEsState::Member member_at(const CmaEsAxes& axes, const Space& space,
                             const Configuration& configuration);

/// Draws that break a constraint or are known are made again so often; then another way is gone.
inline constexpr std::int64_t most_attempts = 128;

}  // namespace tunesmith
