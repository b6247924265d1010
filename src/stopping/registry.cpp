#include "stopping/rule_plugin.hpp"

namespace tunesmith {

#define TUNESMITH_RULE(name) RulePlugin name##_rule_plugin();
#include "stopping/rules.def"
#undef TUNESMITH_RULE

namespace {

const PluginTable<std::shared_ptr<StoppingRule>>& table() {
  static const PluginTable<std::shared_ptr<StoppingRule>> rules("stopping rule", {
#define TUNESMITH_RULE(name) name##_rule_plugin(),
#include "stopping/rules.def"
#undef TUNESMITH_RULE
                                                                                 });
  return rules;
}

}  // namespace

const std::vector<PluginInfo>& stopping_rules() { return table().infos(); }

std::shared_ptr<StoppingRule> make_stopping_rule(std::string_view name,
                                                 std::string_view options_json) {
  return table().make(name, options_json);
}

}  // namespace tunesmith
