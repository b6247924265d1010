#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {

/// Reads "<name>" or {"name": "<name>", "<option>": …}. `infos` is the table of what there is;
/// `check` makes the plug-in, and its Error{invalid_argument} becomes mistakes at `path`. The
/// choice stays as it is where there was a mistake.
void read_plugin_choice(const Json& field, const std::string& path,
                        const std::vector<PluginInfo>& infos,
                        const std::function<void(const PluginChoice&)>& check, PluginChoice& choice,
                        std::vector<Mistake>& mistakes);

/// The JSON Schema of such a field.
Json plugin_choice_schema(const std::vector<PluginInfo>& infos);

}  // namespace tunesmith
