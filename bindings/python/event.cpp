#include <pybind11/stl.h>

#include <array>

#include "bindings.hpp"
#include "tunesmith/trial.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* event_doc =
    R"(What one event of a study's log says: a small record, whose fields stores keep as columns.

kind -- "budget", "session", "enqueued", "suggested", "restarted", "started", "reported", "measured", "finished",
        "stop_requested", "parent", "noticed", "resumed", "retired" or "pause_requested"
trial, attempt, resource, value, time, metric, payload -- those that the kind uses; texts may hold any bytes, as
        Python's surrogateescape writes them

>>> import tunesmith
>>> tunesmith.Event("reported", trial=0, attempt=1, resource=3, metric="loss", value=0.5)
<tunesmith.Event reported trial 0>
)";

constexpr const char* stored_event_doc =
    R"(An Event with its sequence number in the log, from 1.

>>> import tunesmith
>>> tunesmith.StoredEvent(1, tunesmith.Event("session")).event.kind
'session'
)";

constexpr const char* opens_attempt_doc =
    R"(Whether events of this kind open an attempt.

>>> import tunesmith
>>> tunesmith.opens_attempt("suggested"), tunesmith.opens_attempt("finished")
(True, False)
)";

constexpr const char* moves_generation_doc =
    R"(Whether events of this kind move a study's generation, the number that compare-and-swap appends rely on.

>>> import tunesmith
>>> tunesmith.moves_generation("suggested"), tunesmith.moves_generation("reported")
(True, False)
)";

constexpr std::array kinds = {std::pair{EventKind::budget, "budget"},
                              std::pair{EventKind::session, "session"},
                              std::pair{EventKind::enqueued, "enqueued"},
                              std::pair{EventKind::suggested, "suggested"},
                              std::pair{EventKind::restarted, "restarted"},
                              std::pair{EventKind::started, "started"},
                              std::pair{EventKind::reported, "reported"},
                              std::pair{EventKind::measured, "measured"},
                              std::pair{EventKind::finished, "finished"},
                              std::pair{EventKind::stop_requested, "stop_requested"},
                              std::pair{EventKind::parent, "parent"},
                              std::pair{EventKind::noticed, "noticed"},
                              std::pair{EventKind::resumed, "resumed"},
                              std::pair{EventKind::retired, "retired"},
                              std::pair{EventKind::pause_requested, "pause_requested"}};

const char* word_of(EventKind kind) {
  for (const auto& [known, word] : kinds) {
    if (known == kind) return word;
  }
  throw Error(ErrorCode::store_corrupt, "an event of an unknown kind");
}

EventKind kind_from(const std::string& word) {
  for (const auto& [kind, known] : kinds) {
    if (word == known) return kind;
  }
  throw py::value_error("there is no kind of event \"" + word + "\"");
}

Event make_event(const std::string& kind, TrialId trial, int attempt, double resource, double value,
                 Timestamp time, const py::str& metric, const py::str& payload) {
  return {.kind = kind_from(kind),
          .trial = trial,
          .attempt = attempt,
          .resource = resource,
          .value = value,
          .time = time,
          .metric = bytes_of(metric),
          .payload = bytes_of(payload)};
}

}  // namespace

void bind_event(py::module_& module) {
  auto event =
      py::class_<Event>(module, "Event", event_doc)
          .def(py::init(&make_event), "kind"_a, "trial"_a = -1, "attempt"_a = 0, "resource"_a = 0.0,
               "value"_a = 0.0, "time"_a = 0.0, "metric"_a = "", "payload"_a = "")
          .def_property_readonly("kind", [](const Event& self) { return word_of(self.kind); })
          .def_readonly("trial", &Event::trial)
          .def_readonly("attempt", &Event::attempt)
          .def_readonly("resource", &Event::resource)
          .def_readonly("value", &Event::value)
          .def_readonly("time", &Event::time)
          .def_property_readonly("metric", [](const Event& self) { return text_of(self.metric); })
          .def_property_readonly("payload", [](const Event& self) { return text_of(self.payload); })
          .def("__repr__", [](const Event& self) {
            return std::string("<tunesmith.Event ") + word_of(self.kind) +
                   (self.trial < 0 ? "" : " trial " + std::to_string(self.trial)) + ">";
          });
  publish(event);
  auto stored = py::class_<StoredEvent>(module, "StoredEvent", stored_event_doc)
                    .def(py::init([](Sequence sequence, const Event& inner) {
                           return StoredEvent{sequence, inner};
                         }),
                         "sequence"_a, "event"_a)
                    .def_readonly("sequence", &StoredEvent::sequence)
                    .def_readonly("event", &StoredEvent::event);
  publish(stored);

  module.def(
      "opens_attempt", [](const std::string& kind) { return opens_attempt(kind_from(kind)); },
      "kind"_a, opens_attempt_doc);
  publish(module.attr("opens_attempt"));
  module.def(
      "moves_generation", [](const std::string& kind) { return moves_generation(kind_from(kind)); },
      "kind"_a, moves_generation_doc);
  publish(module.attr("moves_generation"));
}

}  // namespace tunesmith::python
