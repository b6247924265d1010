#include <utility>

#include "job/job_rules.hpp"
#include "job/notice_sender.hpp"
#include "job/warm_start.hpp"
#include "tunesmith/job.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

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
                   .stopping_rules = make_rules(job),
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
