#pragma once

#include <string>

#include "tunesmith/testing/conformance.hpp"

/// A registered plug-in, by its name, through the kit of its kind.
tunesmith::testing::Conformance check_registered_strategy(const std::string& name,
                                                          const std::string& options);
tunesmith::testing::Conformance check_registered_rule(const std::string& name,
                                                      const std::string& options);
tunesmith::testing::Conformance check_registered_executor(const std::string& name,
                                                          const std::string& options);
tunesmith::testing::Conformance check_registered_store(const std::string& name,
                                                       const std::string& options);
