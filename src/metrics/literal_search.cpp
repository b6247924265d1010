#include "metrics/literal_search.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "metrics/words.hpp"

namespace tunesmith {

LiteralSearch::LiteralSearch(std::string literal, bool any_case)
    : literal_(std::move(literal)), any_case_(any_case) {
  const auto shift_at = [this](std::size_t i) {
    return static_cast<unsigned char>(std::min<std::size_t>(255, literal_.size() - i));
  };
  shift_.fill(shift_at(0));
  for (std::size_t i = 0; i < literal_.size(); ++i) {
    const bool last = i + 1 == literal_.size();
    for (std::size_t c = 0; c < shift_.size(); ++c) {
      const char byte = static_cast<char>(c);
      if ((any_case_ ? lower_case(byte) : byte) != literal_[i]) continue;
      if (last) shift_after_last_ = shift_[c];
      shift_[c] = last ? 0 : shift_at(i + 1);
    }
  }
}

bool LiteralSearch::occurs_in(std::string_view text) const {
  const std::size_t size = literal_.size();
  if (size == 0) return true;
  for (std::size_t end = size; end <= text.size();) {
    if (const unsigned char shift = shift_[static_cast<unsigned char>(text[end - 1])]) {
      end += shift;
    } else if (equals(text.data() + end - size)) {
      return true;
    } else {
      end += shift_after_last_;
    }
  }
  return false;
}

bool LiteralSearch::equals(const char* text) const {
  for (std::size_t i = literal_.size(); i-- > 0;) {
    if ((any_case_ ? lower_case(text[i]) : text[i]) != literal_[i]) return false;
  }
  return true;
}

}  // namespace tunesmith
