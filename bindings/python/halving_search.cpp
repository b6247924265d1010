#include <pybind11/stl.h>

#include "bindings.hpp"
#include "plugins.hpp"
#include "tunesmith/search.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* asha_search_doc =
    R"(Asynchronous successive halving around any other strategy: a trial that is not among the best of each eta at a rung is
stopped, or paused until it is.

type -- "stopping", or "promotion": trials are paused at rungs and the best of them resumed
min_resource -- level of the lowest rung; the next ones are eta times higher each
max_resource -- level at which a trial has run to its end; 0: where it ends by itself
brackets -- ladders that trials are drawn for, each without the lowest rung of the one before; 1 to 20
searcher -- the SearchStrategy that chooses the configurations; None: random_search()

>>> import tunesmith
>>> tunesmith.asha_search(max_resource=27, searcher=tunesmith.tpe_search()).name()
'asha'
)";

constexpr const char* multi_fidelity_search_doc =
    R"(asha_search by promotion around auto_search(): a model learns from all that trials reported, and every third
configuration is drawn at random. For problems whose trials report the objective as they go.

>>> import tunesmith
>>> tunesmith.multi_fidelity_search(max_resource=27).name()
'multi_fidelity'
)";

constexpr const char* hyperband_search_doc =
    R"(Hyperband, synchronous: brackets of successive halving, from many short trials to few long ones. Trials are paused at
rungs, so that they go on where they can be resumed.

min_resource, max_resource -- levels of the lowest rung and of a trial's end
eta -- one of so many trials goes on from a rung
searcher -- the SearchStrategy that chooses the configurations; None: random_search()

>>> import tunesmith
>>> tunesmith.hyperband_search(max_resource=9).name()
'hyperband'
)";

constexpr const char* successive_halving_search_doc =
    R"(hyperband_search with its first bracket alone, again and again.

>>> import tunesmith
>>> tunesmith.successive_halving_search(max_resource=9).name()
'successive_halving'
)";

constexpr const char* pasha_search_doc =
    R"(asha_search by promotion whose highest rung rises only while the two highest rungs disagree on the order of trials.

>>> import tunesmith
>>> tunesmith.pasha_search(max_resource=27).name()
'pasha'
)";

std::shared_ptr<SearchStrategy> searcher_from(const py::object& searcher) {
  return searcher.is_none() ? nullptr : search_from(searcher);
}

AshaType type_from(const std::string& type) {
  if (type == "stopping") return AshaType::stopping;
  if (type == "promotion") return AshaType::promotion;
  throw py::value_error("type is \"" + type + "\", not \"stopping\" or \"promotion\"");
}

void bind_asha(py::module_& module, const char* name, const char* default_type,
               std::shared_ptr<SearchStrategy> (*make)(AshaSearchOptions), const char* doc) {
  const AshaSearchOptions defaults;
  module.def(
      name,
      [make](const std::string& type, std::int64_t min_resource, std::int64_t max_resource,
             std::int64_t eta, int brackets, const py::object& searcher) {
        return PySearch{make({.type = type_from(type),
                              .min_resource = min_resource,
                              .max_resource = max_resource,
                              .eta = eta,
                              .brackets = brackets,
                              .searcher = searcher_from(searcher)})};
      },
      py::kw_only(), "type"_a = default_type, "min_resource"_a = defaults.min_resource,
      "max_resource"_a = defaults.max_resource, "eta"_a = defaults.eta,
      "brackets"_a = defaults.brackets, "searcher"_a = py::none(), doc);
  publish(module.attr(name));
}

void bind_halving(py::module_& module, const char* name,
                  std::shared_ptr<SearchStrategy> (*make)(HalvingSearchOptions), const char* doc) {
  const HalvingSearchOptions defaults;
  module.def(
      name,
      [make](std::int64_t min_resource, std::int64_t max_resource, std::int64_t eta,
             const py::object& searcher) {
        return PySearch{make({.min_resource = min_resource,
                              .max_resource = max_resource,
                              .eta = eta,
                              .searcher = searcher_from(searcher)})};
      },
      py::kw_only(), "min_resource"_a = defaults.min_resource,
      "max_resource"_a = defaults.max_resource, "eta"_a = defaults.eta, "searcher"_a = py::none(),
      doc);
  publish(module.attr(name));
}

}  // namespace

void bind_halving_search(py::module_& module) {
  bind_asha(module, "asha_search", "stopping", &asha_search, asha_search_doc);
  bind_asha(module, "multi_fidelity_search", "promotion", &multi_fidelity_search,
            multi_fidelity_search_doc);
  bind_halving(module, "hyperband_search", &hyperband_search, hyperband_search_doc);
  bind_halving(module, "successive_halving_search", &successive_halving_search,
               successive_halving_search_doc);
  bind_halving(module, "pasha_search", &pasha_search, pasha_search_doc);
}

}  // namespace tunesmith::python
