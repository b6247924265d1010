#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/space.hpp"

namespace tunesmith {

/// Appends what is wrong with the space, with paths `base` + "/parameters/…" and "/constraints/…".
/// Mistakes already there under such a path come from reading: what they are about is not looked at
/// again, nor what depends on it.
void validate_space(const Space& space, const std::string& base, std::vector<Mistake>& mistakes);

/// "did you mean 'lr'?" for a name that no parameter has; empty when none is near.
std::string suggest_name(std::string_view name, const std::vector<Parameter>& parameters);

}  // namespace tunesmith
