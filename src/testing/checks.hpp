#pragma once

#include <exception>
#include <functional>
#include <string>

#include "tunesmith/testing/conformance.hpp"

namespace tunesmith::testing {

/// Collects what a kit sees. Not synchronised.
class Checks {
 public:
  /// Runs one check: what `body` throws is a broken promise.
  void check(const std::string& name, const std::function<void()>& body);
  /// Inside a body: notes a broken promise where `holds` is false. Returns `holds`.
  bool expect(bool holds, const std::string& what);

  Conformance result() && { return std::move(result_); }

 private:
  Conformance result_;
  std::string name_;
  int noted_ = 0;
};

}  // namespace tunesmith::testing
