#include "testing/checks.hpp"

namespace tunesmith::testing {
namespace {

/// More of the same kind tells nothing new.
constexpr int most_noted = 3;

}  // namespace

void Checks::check(const std::string& name, const std::function<void()>& body) {
  name_ = name;
  noted_ = 0;
  result_.checks.push_back(name);
  try {
    body();
  } catch (const std::exception& error) {
    expect(false, std::string("threw: ") + error.what());
  } catch (...) {
    expect(false, "threw something that is no std::exception");
  }
}

bool Checks::expect(bool holds, const std::string& what) {
  if (!holds && noted_++ < most_noted) result_.broken.push_back({name_, what});
  return holds;
}

std::string Conformance::report() const {
  std::string text;
  for (const std::string& check : checks) {
    std::string seen;
    for (const BrokenPromise& promise : broken) {
      if (promise.check == check) seen += "    " + promise.what + "\n";
    }
    text += (seen.empty() ? "kept    " : "BROKEN  ") + check + "\n" + seen;
  }
  return text;
}

}  // namespace tunesmith::testing
