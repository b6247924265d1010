#pragma once

#include <functional>

#include "trial/fold.hpp"
#include "tunesmith/store.hpp"

namespace tunesmith {

/// Hands over the events that follow `after`, in order, up to and including `last`; read page by
/// page. Throws what the store and `take` throw.
void read_log(Store& store, StudyKey study, Sequence after, Sequence last,
              const std::function<void(StoredEvent)>& take);

/// A stored problem. Throws Error{store_corrupt} where the text is none.
Problem read_stored_problem(const std::string& name, const std::string& json);

}  // namespace tunesmith
