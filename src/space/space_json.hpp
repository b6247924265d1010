#pragma once

#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// Reads the keys "parameters" and "constraints" of an object that may have others, and validates
/// what it read: `mistakes`, which must be the reader's own list, gets everything wrong with the
/// space, each once. With mistakes the space holds every name, but must not be used for more.
/// Precondition: `space` is empty.
void read_space(ObjectReader& reader, Space& space, std::vector<Mistake>& mistakes);

/// Writes those keys into `object`.
void write_space(const Space& space, Json& object);

}  // namespace tunesmith
