#include "conformance/registered.hpp"
#include "tunesmith/stopping.hpp"

using namespace tunesmith;

testing::Conformance check_registered_rule(const std::string& name, const std::string& options) {
  return testing::check_stopping_rule(
      {.make = [&] { return make_stopping_rule(name, options.empty() ? "{}" : options); }});
}
