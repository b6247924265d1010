#pragma once

#include <string_view>
#include <vector>

#include "tunesmith/export.hpp"

namespace tunesmith {

/// The numerics of the model-based strategies exist once per instruction set: "generic" everywhere,
/// "avx2" (with FMA) and "avx512" (F, DQ, BW, VL) on x86-64. The best that the processor can run is
/// in use unless the host says otherwise. Suggestions have the same bits on the same instruction
/// set; from one set to another their arithmetic is rounded differently.
///
/// Names of those that this processor can run, slowest first.
TUNESMITH_API std::vector<std::string_view> instruction_sets();

/// The one in use.
TUNESMITH_API std::string_view instruction_set() noexcept;

/// Pins one for the whole process: for studies whose suggestions must be recomputed on another
/// machine. False, and nothing changes, when `name` is not one of instruction_sets(). May be called
/// from any thread; a suggestion being made elsewhere meanwhile may mix both sets, so call it
/// before the first.
TUNESMITH_API bool set_instruction_set(std::string_view name) noexcept;

}  // namespace tunesmith
