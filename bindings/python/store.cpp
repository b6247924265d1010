#include "tunesmith/store.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"
#include "plugins.hpp"
#include "values.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* store_doc =
    R"(An append-only log of events per study. tunesmith's own come from open_store; derive from this class to keep the
logs somewhere else, and let tunesmith.testing.check_store judge it.

Any thread may call it. Raise tunesmith.Error("store_unavailable", words) where it cannot be reached or written,
"store_corrupt" where what is read makes no sense, and "invalid_argument" for a key that names no study; a failed append
has appended nothing.

>>> import tunesmith
>>> store = tunesmith.open_store("memory:")
>>> study = store.open_study("s", "{}").key
>>> store.append(study, [tunesmith.Event("session")], tunesmith.Precondition()).first
1
>>> [stored.event.kind for stored in store.events_since(study, 0, 10)]
['session']
)";

constexpr const char* open_study_doc =
    "Finds the study of that name or makes it: an OpenedStudy. With an empty `problem_json` only "
    "finds it, and raises Error(\"invalid_argument\") where there is none.";
constexpr const char* events_since_doc =
    "The StoredEvents after sequence number `after`, in order, at most `limit`.";
constexpr const char* append_doc =
    "Appends a list of Events, all or none, and only where the Precondition holds: an "
    "AppendResult. An attempt is open from the event that opens it (opens_attempt) until its "
    "\"finished\" or the next one of its trial.";
constexpr const char* lease_doc =
    "Claims or renews the right to drive the study for `ttl` seconds: a LeaseResult. A holder that "
    "died must not block the next one longer than `ttl`. `owner` is shown to those who are "
    "refused.";
constexpr const char* release_doc =
    "Gives the lease back; no effect when `owner` does not hold it.";
constexpr const char* wait_doc =
    "Returns when there may be events after `after`, or after `timeout` seconds. A hint only.";
constexpr const char* list_doc = "The studies: a list of StudyInfo.";
constexpr const char* remove_doc =
    "Removes a study and its log for good. Raises Error(\"store_busy\") while a tuner holds its "
    "lease.";

constexpr const char* open_store_doc =
    R"(Opens a store by URL: "memory:" (this process only) or "sqlite:FILE", with "?durability=fast" (survives any kill of
the process) or "?durability=full" (survives a loss of power). Raises Error.

>>> import tunesmith
>>> tunesmith.open_store("memory:").list()
[]
)";

constexpr const char* stores_doc =
    R"(The kinds of store that a URL can name, as search_strategies() lists strategies.

>>> import tunesmith
>>> "sqlite" in [store["name"] for store in tunesmith.stores()]
True
)";

/// A user's class as a study sees it.
class PythonStore final : public Store {
 public:
  explicit PythonStore(HeldObject object) : object_(std::move(object)) {}

  OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    return with_gil([&] {
      return answer_as<OpenedStudy>(call("open_study", text(name), text(problem_json)),
                                    "open_study()", "a tunesmith.OpenedStudy");
    });
  }
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    return with_gil([&] {
      return answer_as<std::vector<StoredEvent>>(call("events_since", study, after, limit),
                                                 "events_since()",
                                                 "a list of tunesmith.StoredEvent");
    });
  }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    return with_gil([&] {
      py::list list;
      for (const Event& event : events) list.append(event);
      return answer_as<AppendResult>(call("append", study, list, precondition), "append()",
                                     "a tunesmith.AppendResult");
    });
  }
  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    return with_gil([&] {
      return answer_as<LeaseResult>(call("lease", study, text(owner), ttl.count()), "lease()",
                                    "a tunesmith.LeaseResult");
    });
  }
  void release(StudyKey study, std::string_view owner) override {
    with_gil([&] { call("release", study, text(owner)); });
  }
  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    with_gil([&] { call("wait", study, after, timeout.count()); });
  }
  std::vector<StudyInfo> list() override {
    return with_gil([&] {
      return answer_as<std::vector<StudyInfo>>(call("list"), "list()",
                                               "a list of tunesmith.StudyInfo");
    });
  }
  void remove(StudyKey study) override {
    with_gil([&] { call("remove", study); });
  }

 private:
  static py::str text(std::string_view bytes) { return text_of(std::string(bytes)); }

  template <class... Arguments>
  py::object call(const char* method, const Arguments&... arguments) {
    return object_.get().attr(method)(arguments...);
  }

  HeldObject object_;
};

/// Calls tunesmith's own without the GIL: it may wait.
template <class Call>
auto unlocked(const PyStore& self, const char* method, const Call& call) {
  Store& native = native_of(self, method);
  const py::gil_scoped_release release;
  return call(native);
}

}  // namespace

std::shared_ptr<Store> store_from(const py::object& object) {
  if (!py::isinstance<py::str>(object))
    return plugin_from<PythonStore, Store>(object, "a tunesmith.Store or the URL of one");
  const auto url = object.cast<std::string>();
  const py::gil_scoped_release release;
  return open_store(url);
}

void bind_store(py::module_& module) {
  auto store =
      py::class_<PyStore>(module, "Store", store_doc)
          .def(py::init<>())
          .def(
              "open_study",
              [](const PyStore& self, const py::str& name, const py::str& problem_json) {
                return unlocked(self, "open_study",
                                [name = bytes_of(name), problem = bytes_of(problem_json)](
                                    Store& native) { return native.open_study(name, problem); });
              },
              "name"_a, "problem_json"_a, open_study_doc)
          .def(
              "events_since",
              [](const PyStore& self, StudyKey study, Sequence after, std::size_t limit) {
                return unlocked(self, "events_since", [&](Store& native) {
                  return native.events_since(study, after, limit);
                });
              },
              "study"_a, "after"_a, "limit"_a, events_since_doc)
          .def(
              "append",
              [](const PyStore& self, StudyKey study, const std::vector<Event>& events,
                 const Precondition& precondition) {
                return unlocked(self, "append", [&](Store& native) {
                  return native.append(study, events, precondition);
                });
              },
              "study"_a, "events"_a, "precondition"_a, append_doc)
          .def(
              "lease",
              [](const PyStore& self, StudyKey study, const std::string& owner, double ttl) {
                return unlocked(self, "lease", [&](Store& native) {
                  return native.lease(study, owner, Seconds(ttl));
                });
              },
              "study"_a, "owner"_a, "ttl"_a, lease_doc)
          .def(
              "release",
              [](const PyStore& self, StudyKey study, const std::string& owner) {
                unlocked(self, "release", [&](Store& native) { native.release(study, owner); });
              },
              "study"_a, "owner"_a, release_doc)
          .def(
              "wait",
              [](const PyStore& self, StudyKey study, Sequence after, double timeout) {
                unlocked(self, "wait",
                         [&](Store& native) { native.wait(study, after, Seconds(timeout)); });
              },
              "study"_a, "after"_a, "timeout"_a, wait_doc)
          .def(
              "list",
              [](const PyStore& self) {
                return unlocked(self, "list", [](Store& native) { return native.list(); });
              },
              list_doc)
          .def(
              "remove",
              [](const PyStore& self, StudyKey study) {
                unlocked(self, "remove", [&](Store& native) { native.remove(study); });
              },
              "study"_a, remove_doc);
  publish(store);

  module.def(
      "open_store",
      [](const std::string& url) {
        const py::gil_scoped_release release;
        return PyStore{open_store(url)};
      },
      "url"_a, open_store_doc);
  publish(module.attr("open_store"));
  module.def(
      "stores", [] { return list_of(stores()); }, stores_doc);
  publish(module.attr("stores"));
}

}  // namespace tunesmith::python
