#include "cli/curves.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

#include "core/json.hpp"
#include "core/numbers.hpp"
#include "trial/configuration_json.hpp"

namespace tunesmith::cli {
namespace {

/// When a trial told its levels.
struct Course {
  Timestamp began = 0;  ///< the open attempt
  double before = 0;    ///< seconds up to the last level of the attempts before it
  double elapsed = 0;   ///< at the last level
  std::map<double, double> seconds = {};
};

void follow(Course& course, const Event& event) {
  if (opens_attempt(event.kind)) {
    course.began = event.time;
    course.before = course.elapsed;
  } else if (event.kind == EventKind::reported) {
    const bool rises = course.seconds.empty() || event.resource > course.seconds.rbegin()->first;
    if (!rises) return;
    // Machines' clocks may be set back.
    course.elapsed = std::max(course.elapsed, course.before + (event.time - course.began));
    course.seconds[event.resource] = course.elapsed;
  }
}

}  // namespace

std::string curves_text(const StudyView& view, std::span<const StoredEvent> events) {
  std::vector<Course> courses(view.size());
  for (const auto& [sequence, event] : events) {
    if (event.trial >= 0 && event.trial < static_cast<TrialId>(courses.size()))
      follow(courses[static_cast<std::size_t>(event.trial)], event);
  }
  std::string text;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    if (trial.replicate_of) continue;  // one curve per configuration
    const Json parameters = write_configuration(trial.configuration);
    for (const auto& [level, metrics] : trial.reports) {
      const auto& seconds = courses[static_cast<std::size_t>(id)].seconds;
      const auto found = seconds.find(level);
      if (found == seconds.end()) continue;
      Json values = Json::object();
      for (const auto& [name, value] : metrics)
        values[name] = std::isfinite(value) ? Json(value) : Json(number_text(value));
      text += json_text({{"parameters", parameters},
                         {"level", level},
                         {"seconds", found->second},
                         {"metrics", std::move(values)}}) +
              "\n";
    }
  }
  return text;
}

}  // namespace tunesmith::cli
