#include "testing/store_cases.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "testing/patience.hpp"

namespace tunesmith::testing {

Event suggested(TrialId trial) {
  return {.kind = EventKind::suggested, .trial = trial, .attempt = 1, .payload = "{}"};
}

Event restarted(TrialId trial, int attempt) {
  return {.kind = EventKind::restarted, .trial = trial, .attempt = attempt};
}

Event reported(TrialId trial, double value, int attempt) {
  return {.kind = EventKind::reported,
          .trial = trial,
          .attempt = attempt,
          .resource = 1,
          .value = value,
          .metric = "loss"};
}

Event finished(TrialId trial, int attempt) {
  return {.kind = EventKind::finished, .trial = trial, .attempt = attempt};
}

std::vector<Event> odd_events() {
  using namespace std::string_literals;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<Event> events = {suggested(0)};
  for (const double value :
       {0.1, -0.0, 0.0, 1.0, -7.0, 1e300, 5e-324, 1e15 + 0.3, 9007199254740993.0, infinity,
        -infinity, std::numeric_limits<double>::quiet_NaN()}) {
    events.push_back(reported(0, value));
    events.back().resource = value;
    events.back().time = value;
  }
  for (const std::string& text :
       {""s, "a\0b"s, "\0"s, "\xff"s, "\xc3\xbc"s, "'"s, std::string(100000, 'y')}) {
    events.push_back(reported(0, 0));
    events.back().metric = text;
    events.back().payload = text;
  }
  events.push_back({.kind = EventKind::stop_requested, .trial = -1});
  events.push_back({.kind = EventKind::reported,
                    .trial = std::numeric_limits<TrialId>::max(),
                    .attempt = std::numeric_limits<int>::max()});
  return events;
}

bool same(const Event& a, const Event& b) {
  const auto bits = [](double x) {
    return std::isnan(x) ? std::uint64_t{1} : std::bit_cast<std::uint64_t>(x);
  };
  return a.kind == b.kind && a.trial == b.trial && a.attempt == b.attempt &&
         bits(a.resource) == bits(b.resource) && bits(a.value) == bits(b.value) &&
         bits(a.time) == bits(b.time) && a.metric == b.metric && a.payload == b.payload;
}

std::string difference(const std::vector<StoredEvent>& log, const std::vector<Event>& events) {
  if (log.size() != events.size()) {
    return std::to_string(log.size()) + " events, and " + std::to_string(events.size()) +
           " were appended";
  }
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto number = static_cast<Sequence>(i + 1);
    if (log[i].sequence != number) {
      return "event " + std::to_string(number) + " has sequence number " +
             std::to_string(log[i].sequence);
    }
    if (!same(log[i].event, events[i])) {
      return "event " + std::to_string(number) + " came back changed (trial " +
             std::to_string(events[i].trial) + ", value " + std::to_string(events[i].value) +
             ", metric of " + std::to_string(events[i].metric.size()) + " bytes)";
    }
  }
  return "";
}

std::optional<ErrorCode> error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return {};
}

Conformance check_store(const StoreKit& given) {
  Checks checks;
  const auto caller = std::make_shared<PatientCaller>(given.patience);
  const StoreKit kit = patient(given, caller);
  check_log(checks, kit);
  check_preconditions(checks, kit);
  check_studies(checks, kit);
  check_sharing(checks, kit);
  if (kit.reopen) check_place(checks, kit);
  check_all_gone(checks, *caller);
  return std::move(checks).result();
}

}  // namespace tunesmith::testing
