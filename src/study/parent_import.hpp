#pragma once

#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Throws Error{invalid_argument} where a study of this problem cannot start from these.
void check_parents(const std::vector<StudyView>& parents, const Problem& problem);

/// What the parents' feasible trials found, in the terms of `problem`; one per parent, in their
/// order. At most 3000 evaluations in all, and at most 200,000 values of parameters, so that the
/// record stays readable in huge spaces: a parent with more gives its best quarter and an even
/// spread over the rest.
std::vector<ParentStudy> import_parents(const std::vector<StudyView>& parents,
                                        const Problem& problem);

}  // namespace tunesmith
