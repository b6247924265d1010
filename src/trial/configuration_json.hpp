#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "tunesmith/configuration.hpp"

namespace tunesmith {

/// The object that Configuration::to_json shows, as a part of a larger document. Exact both ways.
Json write_configuration(const Configuration& configuration);
/// Notes what cannot be a value with its path below `path`, and leaves it out.
Configuration read_configuration(const Json& json, const std::string& path,
                                 std::vector<Mistake>& mistakes);

}  // namespace tunesmith
