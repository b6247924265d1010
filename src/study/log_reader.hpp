#pragma once

#include "trial/fold.hpp"
#include "tunesmith/store.hpp"

namespace tunesmith {

/// Feeds the events that follow the fold's prefix to it, page by page, up to and including `last`.
/// Throws what the store and the fold throw.
void read_log(Store& store, StudyKey study, StudyFold& fold, Sequence last);

/// A stored problem. Throws Error{store_corrupt} where the text is none.
Problem read_stored_problem(const std::string& name, const std::string& json);

}  // namespace tunesmith
