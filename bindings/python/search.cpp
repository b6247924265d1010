#include "tunesmith/search.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* search_strategies_doc =
    R"(The strategies that Study takes by name: a list of dicts with name, summary and options, a list of dicts with
name, type, default (as JSON text) and text. The options are keyword arguments of Study and tune.

>>> import tunesmith
>>> [o["name"] for s in tunesmith.search_strategies() if s["name"] == "random" for o in s["options"]]
['quasi_random']
)";

py::list search_strategies_list() {
  py::list strategies;
  for (const PluginInfo& info : search_strategies()) {
    py::list options;
    for (const OptionInfo& option : info.options) {
      options.append(py::dict("name"_a = option.name, "type"_a = option.type,
                              "default"_a = option.fallback, "text"_a = option.text));
    }
    strategies.append(
        py::dict("name"_a = info.name, "summary"_a = info.summary, "options"_a = options));
  }
  return strategies;
}

}  // namespace

void bind_search(py::module_& module) {
  module.def("search_strategies", &search_strategies_list, search_strategies_doc);
  publish(module.attr("search_strategies"));
}

}  // namespace tunesmith::python
