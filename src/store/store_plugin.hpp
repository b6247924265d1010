#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "tunesmith/store.hpp"

namespace tunesmith {

/// "scheme:place?option=value&option=value", taken apart. Nothing is percent-decoded.
struct StoreUrl {
  std::string scheme = {};
  std::string place = {};
  std::map<std::string, std::string> options = {};
};

/// What a store's source file hands to the registry; stores.def names its function.
struct StorePlugin {
  PluginInfo info = {};
  /// The registry has checked that the options are among those of `info`; their values are for the
  /// store to check.
  std::function<std::shared_ptr<Store>(const StoreUrl& url)> open = {};
};

}  // namespace tunesmith
