#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/numbers.hpp"
#include "job/amt_request.hpp"

namespace tunesmith::amt {
namespace {

Scale scale_of(const std::optional<std::string>& word) {
  if (word == "Linear") return Scale::linear;
  if (word == "Logarithmic") return Scale::log;
  if (word == "ReverseLogarithmic") return Scale::reverse_log;
  return Scale::automatic;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

class RangeReader {
 public:
  RangeReader(bool strict, std::vector<Mistake>& mistakes) : strict_(strict), mistakes_(mistakes) {}

  Range numeric(const Part& item, Range::Kind kind) {
    Range range = named(item, kind);
    range.scale = scale_of(item.text("ScalingType"));
    const bool integer = kind == Range::Kind::integer;
    const auto min_text = item.text("MinValue");
    const auto max_text = item.text("MaxValue");
    range.usable = range.usable && min_text && max_text;
    const std::size_t before = mistakes_.size();
    const bool min_read =
        min_text && read(*min_text, item.path("MinValue"), integer, range.int_min, range.min);
    const bool max_read =
        max_text && read(*max_text, item.path("MaxValue"), integer, range.int_max, range.max);
    if (integer && range.scale == Scale::reverse_log) {
      note(item.path("ScalingType"), "is \"ReverseLogarithmic\", which is for continuous ranges",
           "\"Auto\", \"Linear\", \"Logarithmic\"");
    } else {
      check_scale(range, item, min_read, max_read);
    }
    if (mistakes_.size() == before && min_read && max_read) check_order(range, item, integer);
    range.usable = range.usable && mistakes_.size() == before;
    return range;
  }

  Range categorical(const Part& item) {
    Range range = named(item, Range::Kind::categorical);
    std::set<std::string> seen;
    for (const Part::Text& value : item.texts("Values")) {
      if (seen.insert(value.value).second) {
        range.values.push_back(value.value);
      } else {
        note(value.path, "is " + quoted(value.value) + " again", "a value that is not yet listed");
      }
    }
    range.usable = range.usable && !range.values.empty();
    return range;
  }

 private:
  void note(std::string path, std::string what, std::string allowed) {
    mistakes_.push_back({std::move(path), std::move(what), std::move(allowed)});
  }

  Range named(const Part& item, Range::Kind kind) {
    Range range{.kind = kind, .path = item.path()};
    const auto name = item.text("Name");
    range.usable = name.has_value();
    if (!name) return range;
    range.name = *name;
    if (name->empty()) {
      note(item.path("Name"), "is empty", "the hyperparameter's name");
      range.usable = false;
    } else if (!names_.insert(*name).second) {
      note(item.path("Name"), "is " + quoted(*name) + ", which has a range already",
           "a name that is used once");
      range.usable = false;
    }
    return range;
  }

  bool read(const std::string& text, const std::string& path, bool integer, std::int64_t& whole,
            double& real) {
    if (integer) {
      const auto value = parse_integer(text);
      if (!value) {
        note(path, "is " + quoted(text), "a whole number in quotes");
        return false;
      }
      whole = *value;
      real = static_cast<double>(*value);
      return true;
    }
    const auto value = parse_number(text);
    if (!value || !std::isfinite(*value)) {
      note(path, "is " + quoted(text), "a number in quotes");
      return false;
    }
    real = *value;
    return true;
  }

  void check_scale(const Range& range, const Part& item, bool min_read, bool max_read) {
    if (range.scale == Scale::log && min_read && range.min <= 0) {
      note(item.path("MinValue"),
           "is " + number_text(range.min) + ", but a logarithmic scale needs values above 0",
           "a number greater than 0");
    }
    if (range.scale != Scale::reverse_log) return;
    if (min_read && (range.min < 0 || range.min >= 1)) {
      note(item.path("MinValue"),
           "is " + number_text(range.min) +
               ", but a reverse logarithmic scale needs values from 0 to below 1",
           "0 ≤ x < 1");
    }
    if (max_read && range.max >= 1) {
      note(item.path("MaxValue"),
           "is " + number_text(range.max) +
               ", but a reverse logarithmic scale needs values from 0 to below 1",
           "0 ≤ x < 1");
    }
  }

  void check_order(const Range& range, const Part& item, bool integer) {
    const bool greater = integer ? range.int_min > range.int_max : range.min > range.max;
    const bool equal = integer ? range.int_min == range.int_max : range.min == range.max;
    if (greater) {
      note(item.path("MinValue"), "is greater than MaxValue", "at most MaxValue");
    } else if (equal && strict_) {
      note(item.path("MinValue"), "is equal to MaxValue, which the service refuses",
           "less than MaxValue; a single value belongs to StaticHyperParameters");
    }
  }

  bool strict_;
  std::vector<Mistake>& mistakes_;
  std::set<std::string> names_;
};

}  // namespace

std::optional<std::uint64_t> Range::cardinality() const {
  switch (kind) {
    case Kind::categorical:
      return values.size();
    case Kind::integer:
      // Unsigned arithmetic: the span of the widest range does not fit a signed integer.
      if (int_min == INT64_MIN && int_max == INT64_MAX) return std::nullopt;
      return static_cast<std::uint64_t>(int_max) - static_cast<std::uint64_t>(int_min) + 1;
    case Kind::continuous:
      break;
  }
  if (min == max) return 1;
  return std::nullopt;
}

std::vector<Range> read_ranges(const Part& ranges, bool strict, std::vector<Mistake>& mistakes) {
  // Mistakes are collected aside: the parts look at the structure's mistakes while they are read.
  std::vector<Mistake> found;
  RangeReader reader(strict, found);
  std::vector<Range> list;
  for (const Part& item : ranges.items("ContinuousParameterRanges")) {
    list.push_back(reader.numeric(item, Range::Kind::continuous));
  }
  for (const Part& item : ranges.items("IntegerParameterRanges")) {
    list.push_back(reader.numeric(item, Range::Kind::integer));
  }
  for (const Part& item : ranges.items("CategoricalParameterRanges")) {
    list.push_back(reader.categorical(item));
  }
  mistakes.insert(mistakes.end(), found.begin(), found.end());
  return list;
}

std::optional<std::uint64_t> combinations(const std::vector<Range>& ranges) {
  std::uint64_t product = 1;
  for (const Range& range : ranges) {
    const auto count = range.cardinality();
    if (!count || *count == 0 || product > std::numeric_limits<std::uint64_t>::max() / *count) {
      return std::nullopt;
    }
    product *= *count;
  }
  return product;
}

}  // namespace tunesmith::amt
