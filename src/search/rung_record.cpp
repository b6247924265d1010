#include "search/rung_record.hpp"

#include <algorithm>
#include <functional>

namespace tunesmith {
namespace {

using Entry = RungRecord::Entry;

template <typename Order>
void push(std::vector<Entry>& heap, const Entry& entry, Order order) {
  heap.push_back(entry);
  std::push_heap(heap.begin(), heap.end(), order);
}

template <typename Order>
Entry pop(std::vector<Entry>& heap, Order order) {
  std::pop_heap(heap.begin(), heap.end(), order);
  const Entry front = heap.back();
  heap.pop_back();
  return front;
}

constexpr std::less<> worst_in_front = {};
constexpr std::greater<> best_in_front = {};

}  // namespace

void RungRecord::insert(const Entry& entry) {
  const bool among_best = is_among_best(entry);
  // One that was withdrawn and still stands in its heap counts again.
  if (withdrawn_.empty() || withdrawn_.erase(entry) == 0) {
    if (among_best) {
      push(best_, entry, worst_in_front);
    } else {
      push(others_, entry, best_in_front);
    }
  }
  ++(among_best ? best_count_ : others_count_);
  share_out();
}

void RungRecord::erase(const Entry& entry) {
  --(is_among_best(entry) ? best_count_ : others_count_);
  withdrawn_.insert(entry);
  share_out();
}

void RungRecord::share_out() {
  const auto eta = static_cast<std::size_t>(eta_);
  const std::size_t wanted = (size() + (rounding_ == Rounding::up ? eta - 1 : 0)) / eta;
  drop_withdrawn();
  while (best_count_ < wanted) {
    push(best_, pop(others_, best_in_front), worst_in_front);
    ++best_count_;
    --others_count_;
    drop_withdrawn();
  }
  while (best_count_ > wanted) {
    push(others_, pop(best_, worst_in_front), best_in_front);
    --best_count_;
    ++others_count_;
    drop_withdrawn();
  }
}

void RungRecord::drop_withdrawn() {
  while (!withdrawn_.empty() && !best_.empty() && withdrawn_.contains(best_.front()))
    withdrawn_.erase(pop(best_, worst_in_front));
  while (!withdrawn_.empty() && !others_.empty() && withdrawn_.contains(others_.front()))
    withdrawn_.erase(pop(others_, best_in_front));
}

}  // namespace tunesmith
