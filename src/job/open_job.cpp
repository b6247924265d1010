#include <utility>

#include "job/notice_sender.hpp"
#include "job/warm_start.hpp"
#include "tunesmith/job.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {

namespace {

std::vector<std::shared_ptr<StoppingRule>> rules_of(const Job& job) {
  std::vector<std::shared_ptr<StoppingRule>> rules;
  std::vector<std::shared_ptr<StoppingRule>> watched;
  for (const PluginChoice& rule : job.stopping_rules) {
    auto& list = job.self_check && is_forecast(rule.name) ? watched : rules;
    list.push_back(make_stopping_rule(rule.name, rule.options));
  }
  if (!watched.empty()) rules.push_back(self_check_rule(std::move(watched), *job.self_check));
  return rules;
}

}  // namespace

OpenedJob open_job(const Job& job, std::shared_ptr<Store> store, TunerOptions callbacks) {
  std::vector<Mistake> mistakes = job.unsupported;
  if (job.executor.command.empty()) {
    mistakes.push_back({"/command", "is missing", "the program that runs a trial"});
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_job, std::move(mistakes));

  std::vector<StudyView> parents = earlier_studies(job, *store);
  OpenedJob opened;
  opened.study = std::make_unique<Study>(
      StudyOptions{.name = job.name,
                   .problem = job.problem,
                   .search = make_search(job.strategy.name, job.strategy.options),
                   .stopping_rules = rules_of(job),
                   .store = std::move(store),
                   .log = callbacks.log,
                   .parents = std::move(parents)});
  SubprocessOptions executor = job.executor;
  executor.max_parallel = job.max_parallel;
  if (!executor.log) executor.log = callbacks.log;
  callbacks.budget = job.budget;
  callbacks.max_parallel = job.max_parallel;
  callbacks.keep_best = job.keep_best;
  if (!job.on_notice.command.empty() || !job.on_notice.webhook.empty()) {
    callbacks.on_notice = [told = std::move(callbacks.on_notice),
                           sender = std::make_shared<NoticeSender>(
                               job.on_notice, job.name, callbacks.log)](const Notice& notice) {
      if (told) told(notice);
      sender->send(notice);
    };
  }
  const auto make = make_executor_factory(job.executor_choice.name, job.executor_choice.options);
  opened.tuner =
      std::make_unique<Tuner>(*opened.study, make(std::move(executor)), std::move(callbacks));
  return opened;
}

}  // namespace tunesmith
