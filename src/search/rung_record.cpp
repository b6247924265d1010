#include "search/rung_record.hpp"

#include <iterator>

namespace tunesmith {

void RungRecord::insert(const Entry& entry) {
  (is_among_best(entry) ? best_ : others_).insert(entry);
  share_out();
}

void RungRecord::erase(const Entry& entry) {
  if (best_.erase(entry) == 0) others_.erase(entry);
  share_out();
}

void RungRecord::share_out() {
  const auto eta = static_cast<std::size_t>(eta_);
  const std::size_t wanted = (size() + (rounding_ == Rounding::up ? eta - 1 : 0)) / eta;
  while (best_.size() < wanted) best_.insert(others_.extract(others_.begin()));
  while (best_.size() > wanted) others_.insert(best_.extract(std::prev(best_.end())));
}

}  // namespace tunesmith
