#include "conformance/registered.hpp"
#include "tunesmith/search.hpp"

using namespace tunesmith;

namespace {

testing::Conformance check(const std::string& name, const std::string& options) {
  return testing::check_strategy({.make = [&] { return make_search(name, options); }});
}

}  // namespace

/// Without options: the defaults, and each switch turned.
testing::Conformance check_registered_strategy(const std::string& name,
                                               const std::string& options) {
  if (!options.empty()) return check(name, options);
  testing::Conformance all = check(name, "{}");
  for (const PluginInfo& info : search_strategies()) {
    if (info.name != name) continue;
    for (const OptionInfo& option : info.options) {
      if (option.type != "bool") continue;
      const std::string turned =
          "{\"" + option.name + "\":" + (option.fallback == "true" ? "false" : "true") + "}";
      for (const testing::Conformance part = check(name, turned);
           const std::string& one : part.checks) {
        all.checks.push_back(turned + " " + one);
        for (const testing::BrokenPromise& promise : part.broken) {
          if (promise.check == one) all.broken.push_back({all.checks.back(), promise.what});
        }
      }
    }
  }
  return all;
}
