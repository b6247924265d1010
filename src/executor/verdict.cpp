#include "executor/verdict.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "core/numbers.hpp"
#include "metrics/printable.hpp"

namespace tunesmith {
namespace {

constexpr std::size_t tail_bytes = 4096;
constexpr std::size_t line_bytes = 400;
/// As much of output/failure as SageMaker shows.
constexpr std::size_t failure_bytes = 1024;
/// What a shell ends with whose command was killed by SIGKILL.
constexpr int killed_status = 128 + SIGKILL;

std::string seconds_text(Seconds seconds) { return number_text(seconds.count()) + " s"; }

/// Without escape sequences (ESC, parameters, a letter), which only a terminal can show.
std::string without_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      plain += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && (text[i] < '@' || text[i] > '~')) ++i;
    }
  }
  return plain;
}

std::string words_of_signal(int number) {
  std::string words = "killed by signal " + std::to_string(number);
  switch (number) {
    case SIGKILL:
      return words + " (out of memory?)";
    case SIGSEGV:
      return words + " (segmentation fault)";
    case SIGBUS:
      return words + " (bus error)";
    case SIGABRT:
      return words + " (aborted)";
    case SIGFPE:
      return words + " (arithmetic error)";
    case SIGILL:
      return words + " (illegal instruction)";
    case SIGXCPU:
      return words + " (limit of processor time)";
    case SIGTERM:
      return words + " (terminated from outside)";
    default:
      return words;
  }
}

std::string words_of_start_error(int error, const std::string& program) {
  std::string words = "could not start " + printable(program, line_bytes) + ": " +
                      std::generic_category().message(error);
  if (error == ENOEXEC) words += " (does its first line say what runs it, as #!/bin/sh does?)";
  return words;
}

/// The reason with what the script itself left about its failure.
TrialResult failed(std::string reason, const TrialFolder& folder) {
  const std::string text = read_file(folder.failure(), failure_bytes);
  if (!text.empty()) reason += "; output/failure: " + printable(text, failure_bytes);
  return {.outcome = Outcome::failed, .reason = std::move(reason)};
}

TrialResult judge_exit(const AttemptStatus& status, const OutputReader& output,
                       const Problem& problem, const TrialFolder& folder, bool goes_on) {
  if (status.exit_code == 0) {
    // There may have been nothing left to do.
    if (goes_on && output.seen().empty()) return {};
    for (const Objective& objective : problem.objectives) {
      if (!output.seen().contains(objective.metric))
        return failed("ended well, but no value of " + objective.metric +
                          " was found in its output\n" + output.diagnosis(),
                      folder);
    }
    return {};
  }
  std::string reason = status.signal
                           ? words_of_signal(*status.signal)
                           : "exit status " + std::to_string(status.exit_code.value_or(-1));
  if (status.exit_code == killed_status) reason += " (a process of it was killed: out of memory?)";
  const std::string last = output.last_line();
  if (!last.empty()) reason += ": " + last;
  return failed(std::move(reason), folder);
}

}  // namespace

OutputReader::OutputReader(const Problem& problem, TrialReporter reporter, double counted_before)
    : extractor_({.metrics = problem.metrics, .resource_regex = problem.resource_regex}),
      reporter_(std::move(reporter)),
      counted_before_(problem.resource_regex.empty() ? counted_before : 0) {}

void OutputReader::report(const MetricReport& report) {
  for (const auto& [name, value] : report.metrics) seen_.insert(name);
  const double level = report.resource + counted_before_;
  if (!highest_ || level > *highest_) {
    highest_ = level;
    ++levels_;
  }
  const Decision decision = reporter_.report(level, report.metrics);
  if (decision_ != Decision::stop && decision != Decision::keep_going) decision_ = decision;
}

Decision OutputReader::feed(std::string_view bytes) {
  const std::string_view end = bytes.substr(bytes.size() - std::min(bytes.size(), tail_bytes));
  tail_.append(end);
  if (tail_.size() > tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
  extractor_.feed(bytes, [this](const MetricReport& r) { report(r); });
  return decision_;
}

void OutputReader::finish() {
  extractor_.finish([this](const MetricReport& r) { report(r); });
}

std::string OutputReader::last_line() const {
  std::string_view rest = tail_;
  while (!rest.empty()) {
    const std::size_t at = rest.find_last_of("\r\n");
    const std::string line =
        without_escapes(at == std::string_view::npos ? rest : rest.substr(at + 1));
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin != std::string::npos) return printable(line.substr(begin), line_bytes);
    rest = rest.substr(0, at == std::string_view::npos ? 0 : at);
  }
  return {};
}

TrialResult verdict(const AttemptStatus& status, const OutputReader& output,
                    const SubprocessOptions& options, const Problem& problem,
                    const TrialFolder& folder, bool goes_on) {
  switch (status.cause) {
    case EndCause::exited:
      break;
    case EndCause::not_started:
      return failed(words_of_start_error(status.start_error, options.command[0]), folder);
    case EndCause::stopped:
    case EndCause::tuner_gone:
      return {.outcome = Outcome::stopped, .reason = "stopped on request"};
    case EndCause::time_limit:
      return failed("ran longer than its time limit of " +
                        seconds_text(options.time_limit.value_or(Seconds(0))),
                    folder);
    case EndCause::silence_limit:
      return failed("printed nothing for " +
                        seconds_text(options.silence_limit.value_or(Seconds(0))) +
                        " and was taken for hung",
                    folder);
  }
  return judge_exit(status, output, problem, folder, goes_on);
}

}  // namespace tunesmith
