#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "space/expression.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

struct Space::Impl {
  std::vector<Parameter> parameters;
  /// Position of each name; of a name given twice (a mistake), the first.
  std::map<std::string, std::size_t, std::less<>> positions;
  std::vector<std::string> constraints;
  /// Parsed as written, one per constraint; immutable, hence shared between copies.
  std::vector<std::shared_ptr<const Expression>> expressions;
  std::size_t dimension = 0;
  /// Whether a parameter has conditions.
  bool conditional = false;

  void add(Parameter parameter);
  const Parameter* find(std::string_view name) const;
};

}  // namespace tunesmith
