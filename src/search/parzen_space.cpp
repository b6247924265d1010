#include "search/parzen_space.hpp"

#include <algorithm>

#include "space/codec.hpp"

namespace tunesmith {
namespace {

/// Up to so many ordered values, masses are computed for each pair of values.
constexpr std::uint64_t few_values = 32;
/// Up to so many, the borders of their cells are kept.
constexpr std::uint64_t countable_values = 1024;

std::vector<double> borders_of(const Parameter& parameter, std::uint64_t values) {
  std::vector<double> borders{0};
  for (std::uint64_t i = 0; i < values; ++i)
    borders.push_back(2 * encode_value(parameter, parameter.value_at(i)) - borders.back());
  borders.back() = 1;
  return borders;
}

/// Half the way from the value before to the value after.
float cell_width(const Parameter& parameter, std::uint64_t index) {
  const auto last = parameter.cardinality().value_or(0) - 1;  // 2^64 values: the highest index
  const auto middle = [&](std::uint64_t i) {
    return encode_value(parameter, parameter.value_at(i));
  };
  const std::uint64_t before = index == 0 ? 0 : index - 1;
  const std::uint64_t after = index == last ? last : index + 1;
  return static_cast<float>((middle(after) - middle(before)) / static_cast<double>(after - before));
}

}  // namespace

std::size_t ParzenSpace::Coordinate::cell_at(double at) const {
  const auto above = std::upper_bound(borders.begin() + 1, borders.end() - 1, at);
  return static_cast<std::size_t>(above - borders.begin()) - 1;
}

double ParzenSpace::Coordinate::snapped(double at) const {
  if (!borders.empty()) return middle_of(cell_at(at));
  return encode_value(*parameter, decode_value(*parameter, at));
}

ParzenSpace::ParzenSpace(const Space& space) : space_(&space) {
  std::size_t unit = 0;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    Coordinate c{.parameter = &parameter, .unit = unit++};
    const auto count = parameter.cardinality();
    if (count == 1) continue;
    c.conditional = !parameter.when.empty();
    conditional_ = conditional_ || c.conditional;
    if (parameter.type == ParameterType::categorical) {
      c.kind = Kind::choice;
      c.values = static_cast<int>(*count);
    } else if (count && *count <= few_values) {
      c.kind = Kind::table;
      c.values = static_cast<int>(*count);
    } else {
      c.snaps = parameter.type != ParameterType::floating || parameter.step > 0;
    }
    if (c.kind != Kind::choice && count && *count <= countable_values)
      c.borders = borders_of(parameter, *count);
    coordinates_.push_back(std::move(c));
  }
}

std::optional<std::vector<ParzenSpace::Place>> ParzenSpace::places_of(
    const Configuration& configuration) const {
  const std::vector<Mistake> mistakes = space_->check(configuration);
  if (std::any_of(mistakes.begin(), mistakes.end(),
                  [](const Mistake& mistake) { return !mistake.path.empty(); }))
    return {};
  std::vector<Place> places;
  places.reserve(coordinates_.size());
  for (const Coordinate& c : coordinates_) {
    const Value* value = configuration.find(c.parameter->name);
    Place place;
    if (value != nullptr && c.kind == Kind::line) {
      place.at = static_cast<float>(encode_value(*c.parameter, *value));
      if (c.snaps) place.width = cell_width(*c.parameter, *c.parameter->index_of(*value));
    } else if (value != nullptr) {
      place.at = static_cast<float>(*c.parameter->index_of(*value));
    }
    places.push_back(place);
  }
  return places;
}

}  // namespace tunesmith
