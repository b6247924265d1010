#include "job/job_rules.hpp"

#include <utility>

#include "tunesmith/stopping.hpp"

namespace tunesmith {

std::vector<std::shared_ptr<StoppingRule>> make_rules(const Job& job) {
  std::vector<std::shared_ptr<StoppingRule>> rules;
  std::vector<std::shared_ptr<StoppingRule>> watched;
  for (const PluginChoice& rule : job.stopping_rules) {
    auto& list = job.self_check && is_forecast(rule.name) ? watched : rules;
    list.push_back(make_stopping_rule(rule.name, rule.options));
  }
  if (!watched.empty()) rules.push_back(self_check_rule(std::move(watched), *job.self_check));
  return rules;
}

}  // namespace tunesmith
