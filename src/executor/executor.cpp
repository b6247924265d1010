#include "tunesmith/executor.hpp"

#include <utility>

namespace tunesmith {

TrialReporter::TrialReporter(std::weak_ptr<TrialSink> sink, TrialRun run)
    : sink_(std::move(sink)), run_(std::move(run)) {}

Decision TrialReporter::report(double resource, const Metrics& metrics) const {
  const std::shared_ptr<TrialSink> sink = sink_.lock();
  return sink ? sink->report(run_, resource, metrics) : Decision::stop;
}

void TrialReporter::finish(const TrialResult& result) const {
  if (const std::shared_ptr<TrialSink> sink = sink_.lock()) sink->finish(run_, result);
}

void TrialExecutor::open(std::string_view, const Problem&) {}

Recovery TrialExecutor::recover(const TrialRun&, const std::string&, TrialReporter) {
  return Recovery::gone;
}

void TrialExecutor::request_pause(const TrialRun& run) noexcept { request_stop(run); }

void TrialExecutor::retire(TrialId) noexcept {}

void TrialExecutor::discard(TrialId) noexcept {}

bool TrialExecutor::advance() { return false; }

std::string TrialExecutor::describe(TrialId) { return {}; }

}  // namespace tunesmith
