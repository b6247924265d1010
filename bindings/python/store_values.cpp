#include <pybind11/stl.h>

#include <array>

#include "bindings.hpp"
#include "tunesmith/store.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* precondition_doc =
    R"(What must hold for an append to happen.

kind -- "none"; "generation": the study's generation is `generation`; "attempt_open": the attempt is the open one of
        its trial
generation, trial, attempt -- those that the kind uses

>>> import tunesmith
>>> tunesmith.Precondition("generation", generation=3).generation
3
)";

constexpr const char* append_result_doc =
    R"(What became of an append.

status -- "ok"; "stale": the generation has moved; "fenced": the attempt is not open (any more)
first -- sequence number of the first event appended; the others follow without gaps; only where "ok"
generation -- the study's generation now: how many events of its log moves_generation() holds for

>>> import tunesmith
>>> tunesmith.AppendResult("ok", first=1, generation=1).status
'ok'
)";

constexpr const char* opened_study_doc =
    R"(A study that a store has found or made.

key -- names it in the store's other calls; created -- whether this call made it
problem_json -- the problem as it is stored: the caller's when created

>>> import tunesmith
>>> tunesmith.OpenedStudy(1, True, "{}").created
True
)";

constexpr const char* study_info_doc =
    R"(A study as a store lists it: key, name, events (how many), holder (who holds the lease; "": nobody).

>>> import tunesmith
>>> tunesmith.StudyInfo(1, "mnist", events=12).events
12
)";

constexpr const char* lease_result_doc =
    R"(Whether a lease was granted, and its holder now (the caller, where granted).

>>> import tunesmith
>>> tunesmith.LeaseResult(False, "process 17 on host a").granted
False
)";

constexpr std::array statuses = {std::pair{AppendResult::Status::ok, "ok"},
                                 std::pair{AppendResult::Status::stale, "stale"},
                                 std::pair{AppendResult::Status::fenced, "fenced"}};
constexpr std::array kinds = {std::pair{Precondition::Kind::none, "none"},
                              std::pair{Precondition::Kind::generation, "generation"},
                              std::pair{Precondition::Kind::attempt_open, "attempt_open"}};

template <class Table, class Enum>
const char* word_of(const Table& table, Enum wanted) {
  for (const auto& [value, word] : table) {
    if (value == wanted) return word;
  }
  return "";
}

template <class Table>
auto value_of(const Table& table, const std::string& wanted) {
  for (const auto& [value, word] : table) {
    if (wanted == word) return value;
  }
  throw py::value_error("unknown word \"" + wanted + "\"");
}

}  // namespace

void bind_store_values(py::module_& module) {
  auto precondition =
      py::class_<Precondition>(module, "Precondition", precondition_doc)
          .def(py::init([](const std::string& kind, std::int64_t generation, TrialId trial,
                           int attempt) {
                 return Precondition{value_of(kinds, kind), generation, trial, attempt};
               }),
               "kind"_a = "none", py::kw_only(), "generation"_a = 0, "trial"_a = -1,
               "attempt"_a = 0)
          .def_property_readonly("kind",
                                 [](const Precondition& self) { return word_of(kinds, self.kind); })
          .def_readonly("generation", &Precondition::generation)
          .def_readonly("trial", &Precondition::trial)
          .def_readonly("attempt", &Precondition::attempt);
  publish(precondition);

  auto append_result =
      py::class_<AppendResult>(module, "AppendResult", append_result_doc)
          .def(py::init([](const std::string& status, Sequence first, std::int64_t generation) {
                 return AppendResult{value_of(statuses, status), first, generation};
               }),
               "status"_a, py::kw_only(), "first"_a = 0, "generation"_a = 0)
          .def_property_readonly(
              "status", [](const AppendResult& self) { return word_of(statuses, self.status); })
          .def_readonly("first", &AppendResult::first)
          .def_readonly("generation", &AppendResult::generation);
  publish(append_result);

  auto opened = py::class_<OpenedStudy>(module, "OpenedStudy", opened_study_doc)
                    .def(py::init([](StudyKey key, bool created, const py::str& problem_json) {
                           return OpenedStudy{key, created, bytes_of(problem_json)};
                         }),
                         "key"_a, "created"_a, "problem_json"_a)
                    .def_readonly("key", &OpenedStudy::key)
                    .def_readonly("created", &OpenedStudy::created)
                    .def_property_readonly("problem_json", [](const OpenedStudy& self) {
                      return text_of(self.problem_json);
                    });
  publish(opened);

  auto info =
      py::class_<StudyInfo>(module, "StudyInfo", study_info_doc)
          .def(py::init([](StudyKey key, const py::str& name, std::int64_t events,
                           const py::str& holder) {
                 return StudyInfo{key, bytes_of(name), events, bytes_of(holder)};
               }),
               "key"_a, "name"_a, py::kw_only(), "events"_a = 0, "holder"_a = "")
          .def_readonly("key", &StudyInfo::key)
          .def_property_readonly("name", [](const StudyInfo& self) { return text_of(self.name); })
          .def_readonly("events", &StudyInfo::events)
          .def_property_readonly("holder",
                                 [](const StudyInfo& self) { return text_of(self.holder); });
  publish(info);

  auto lease = py::class_<LeaseResult>(module, "LeaseResult", lease_result_doc)
                   .def(py::init([](bool granted, const py::str& holder) {
                          return LeaseResult{granted, bytes_of(holder)};
                        }),
                        "granted"_a, "holder"_a)
                   .def_readonly("granted", &LeaseResult::granted)
                   .def_property_readonly(
                       "holder", [](const LeaseResult& self) { return text_of(self.holder); });
  publish(lease);
}

}  // namespace tunesmith::python
