#include "job/max_resource.hpp"

#include <algorithm>
#include <map>

#include "tunesmith/rungs.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {
namespace {

constexpr const char* max_resource = "max_resource";

bool takes_max_resource(const std::string& strategy) {
  const auto is_it = [](const OptionInfo& option) { return option.name == max_resource; };
  for (const PluginInfo& info : search_strategies()) {
    if (info.name == strategy) return std::any_of(info.options.begin(), info.options.end(), is_it);
  }
  return false;
}

}  // namespace

Json with_max_resource(const std::string& strategy, Json options, const Space& space) {
  const auto given = options.find(max_resource);
  if (given != options.end() && *given != 0) return options;
  if (!takes_max_resource(strategy)) return options;
  std::map<std::string, std::string> statics;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type != ParameterType::fixed) continue;
    statics[parameter.name] = to_text(parameter.choices.front());
  }
  if (const auto found = infer_epochs(statics)) options[max_resource] = found->epochs;
  return options;
}

}  // namespace tunesmith
