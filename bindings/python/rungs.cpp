#include "tunesmith/rungs.hpp"

#include <pybind11/stl.h>

#include "bindings.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace tunesmith::python {
namespace {

constexpr const char* rung_levels_doc =
    R"(Levels min, min * eta, min * eta^2, ... below max, then max: the rungs of successive halving, in exact integers.

>>> import tunesmith
>>> tunesmith.rung_levels(max_resource=20)
[1, 3, 9, 20]
)";

constexpr const char* hyperband_brackets_doc =
    R"(Hyperband's brackets, the one with the most rungs first; each a list of pairs (level, trials that run up to it).

>>> import tunesmith
>>> tunesmith.hyperband_brackets(max_resource=9)
[[(1, 9), (3, 3), (9, 1)], [(3, 5), (9, 1)], [(9, 3)]]
)";

constexpr const char* infer_epochs_doc =
    R"(The hyperparameter among a script's static ones that says how many epochs it trains ("epochs", "num_epochs",
"n_epochs" and the like), with its value; None where there is none.

>>> import tunesmith
>>> tunesmith.infer_epochs({"num_epochs": "27", "lr": "0.1"})
('num_epochs', 27)
)";

}  // namespace

void bind_rungs(py::module_& module) {
  const RungOptions defaults;
  module.def(
      "rung_levels",
      [](std::int64_t min_resource, std::int64_t max_resource, std::int64_t eta) {
        return rung_levels(
            {.min_resource = min_resource, .max_resource = max_resource, .eta = eta});
      },
      py::kw_only(), "min_resource"_a = defaults.min_resource, "max_resource"_a,
      "eta"_a = defaults.eta, rung_levels_doc);
  module.def(
      "hyperband_brackets",
      [](std::int64_t min_resource, std::int64_t max_resource, std::int64_t eta) {
        std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> all;
        for (const Bracket& bracket : hyperband_brackets(
                 {.min_resource = min_resource, .max_resource = max_resource, .eta = eta})) {
          auto& rungs = all.emplace_back();
          for (const Rung& rung : bracket) rungs.emplace_back(rung.level, rung.trials);
        }
        return all;
      },
      py::kw_only(), "min_resource"_a = defaults.min_resource, "max_resource"_a,
      "eta"_a = defaults.eta, hyperband_brackets_doc);
  module.def(
      "infer_epochs",
      [](const std::map<std::string, std::string>& static_parameters) -> py::object {
        const auto found = infer_epochs(static_parameters);
        if (!found) return py::none();
        return py::make_tuple(found->name, found->epochs);
      },
      "static_parameters"_a, infer_epochs_doc);
  for (const char* name : {"rung_levels", "hyperband_brackets", "infer_epochs"})
    publish(module.attr(name));
}

}  // namespace tunesmith::python
