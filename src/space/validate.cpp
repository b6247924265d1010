#include "space/validate.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/json.hpp"
#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "space/activity.hpp"
#include "space/condition_graph.hpp"
#include "space/expression.hpp"
#include "space/membership.hpp"
#include "space/value.hpp"

namespace tunesmith {
namespace {

using Names = std::set<std::string, std::less<>>;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// Equal for values that same_value() takes for equal, and only for those.
std::string identity(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) {
    const auto whole = static_cast<std::int64_t>(std::fabs(*real) < 0x1p63 ? *real : 0);
    if (same_value(value, whole)) return std::to_string(whole);
  }
  return to_json(value);
}

class Validator {
 public:
  Validator(const Space& space, const std::string& base, std::vector<Mistake>& mistakes)
      : space_(space), base_(base), mistakes_(mistakes) {
    for (const Mistake& mistake : mistakes) {
      read_.insert(mistake.path);
      paths_.insert(mistake.path);
    }
  }

  void run() {
    // Conditions come after all ranges, because a parent may be written after its child.
    for (const Parameter& parameter : space_.parameters()) own_fields(parameter);
    for (const Parameter& parameter : space_.parameters()) {
      if (sole(parameter) && !read(path_of(parameter))) conditions(parameter);
    }
    graph();
    constraints();
  }

 private:
  std::string path_of(const Parameter& parameter) const {
    return base_ + "/parameters" + pointer_step(parameter.name);
  }

  /// Whether reading has already found fault with exactly this.
  bool read(const std::string& path) const { return read_.contains(path); }

  /// One mistake a path: the first.
  void note(const std::string& path, std::string what, std::string allowed = "") {
    if (paths_.insert(path).second)
      mistakes_.push_back({path, std::move(what), std::move(allowed)});
  }

  /// Whether it is the first parameter of its name.
  bool sole(const Parameter& parameter) const { return space_.find(parameter.name) == &parameter; }

  /// Whether anything but its conditions and prior is wrong, so that its values are not known.
  bool unsound(const Parameter& parameter) const {
    const std::string path = path_of(parameter);
    if (paths_.contains(path)) return true;
    const auto at_or_below = [](const std::string& at, const std::string& field) {
      return at == field || at.starts_with(field + "/");
    };
    for (auto at = paths_.lower_bound(path + "/"); at != paths_.end() && at_or_below(*at, path);
         ++at) {
      if (!at_or_below(*at, path + "/when") && !at_or_below(*at, path + "/prior")) return true;
    }
    return false;
  }

  void own_fields(const Parameter& parameter) {
    const std::string path = path_of(parameter);
    if (!sole(parameter)) {
      note(path, "is given twice", "each name once");
      return;
    }
    if (read(path) || read(path + "/type")) return;
    if (parameter.name.empty()) {
      note(path, "has an empty name", "at least one character");
    } else if (has_control(parameter.name) || !is_utf8(parameter.name)) {
      note(path, "has a name with control characters or broken UTF-8", "plain text");
    }
    switch (parameter.type) {
      case ParameterType::floating:
        float_range(parameter, path);
        break;
      case ParameterType::integer:
        int_range(parameter, path);
        break;
      case ParameterType::fixed:
        choice(parameter.choices.front(), path + "/value");
        break;
      default:
        choices(parameter, path + "/values");
    }
    if (parameter.prior && !read(path + "/prior")) prior(parameter, path);
  }

  void prior(const Parameter& p, const std::string& path) {
    const std::string at = path + "/prior";
    if (p.type == ParameterType::fixed) {
      note(at, "stands with a fixed parameter", "left out");
    } else if (p.type == ParameterType::floating || p.type == ParameterType::integer) {
      near_prior(p, *p.prior, at, unsound(p));
    } else {
      weights_prior(p, *p.prior, at, unsound(p));
    }
  }

  void near_prior(const Parameter& p, const Prior& prior, const std::string& path,
                  bool range_unknown) {
    if (!prior.weights.empty()) note(path + "/weights", "stands with a number", "left out");
    if (!prior.near) {
      note(path + "/near", "is missing", "a number of the range");
    } else if (finite(*prior.near, path + "/near") && !range_unknown &&
               !(*prior.near >= p.min && *prior.near <= p.max)) {
      note(path + "/near", "is " + number_text(*prior.near) + ", outside of the range",
           "a number from " + number_text(p.min) + " to " + number_text(p.max));
    }
    if (!read(path + "/spread") && !(prior.spread > 0 && prior.spread <= 1)) {
      note(path + "/spread", "is " + number_text(prior.spread),
           "a number above 0 and at most 1: a share of the scaled range");
    }
  }

  void weights_prior(const Parameter& p, const Prior& prior, const std::string& path,
                     bool choices_unknown) {
    if (prior.near) note(path + "/near", "stands with choices", "left out");
    if (prior.spread != Prior().spread) note(path + "/spread", "stands with choices", "left out");
    const std::string weights = path + "/weights";
    if (read(weights)) return;
    if (!choices_unknown && prior.weights.size() != p.choices.size()) {
      note(weights, "has " + std::to_string(prior.weights.size()) + " numbers",
           std::to_string(p.choices.size()) + ", one for each choice");
      return;
    }
    bool any = false;
    bool all_known = true;
    for (std::size_t i = 0; i < prior.weights.size(); ++i) {
      const std::string at = weights + pointer_step(i);
      const double weight = prior.weights[i];
      if (!(std::isfinite(weight) && weight >= 0))
        note(at, "is " + number_text(weight), "a number of at least 0");
      all_known = all_known && !paths_.contains(at);
      any = any || weight > 0;
    }
    if (all_known && !any) note(weights, "are all 0", "a number above 0 among them");
  }

  bool finite(double value, const std::string& path) {
    if (read(path)) return false;
    if (!std::isfinite(value)) note(path, "is " + number_text(value), "a finite number");
    return std::isfinite(value);
  }

  void float_range(const Parameter& p, const std::string& path) {
    const bool min_known = finite(p.min, path + "/min");
    const bool max_known = finite(p.max, path + "/max");
    const bool range_known = min_known && max_known && p.min <= p.max;
    if (min_known && max_known && p.min > p.max)
      below_min(path, number_text(p.max), number_text(p.min));
    if (!read(path + "/scale")) {
      if (p.scale == Scale::log && min_known && p.min <= 0) {
        note(path + "/min", "is " + number_text(p.min) + ", but a log scale needs values above 0",
             "a number greater than 0");
      }
      if (p.scale == Scale::reverse_log && min_known && p.min < 0) {
        note(
            path + "/min",
            "is " + number_text(p.min) + ", but a reverse_log scale needs values from 0 to below 1",
            "a number from 0 to below 1");
      }
      if (p.scale == Scale::reverse_log && max_known && p.max >= 1) {
        note(
            path + "/max",
            "is " + number_text(p.max) + ", but a reverse_log scale needs values from 0 to below 1",
            "a number from 0 to below 1");
      }
    }
    const bool no_step = p.step == 0 && !std::signbit(p.step);
    if (no_step || !finite(p.step, path + "/step")) return;
    if (p.step <= 0) {
      note(path + "/step", "is " + number_text(p.step + 0.0), "a number greater than 0");
    } else if (range_known && p.min < p.max) {
      const double steps = (p.max / 2 - p.min / 2) / (p.step / 2);
      if (steps < 1 - 1e-9) {
        note(path + "/step", "is " + number_text(p.step) + ", larger than the range",
             "at most " + number_text(p.max - p.min));
      } else if (steps > 0x1p53) {
        note(path + "/step",
             "is " + number_text(p.step) + ", too small to count the steps of this range",
             "at most 2^53 steps");
      }
    }
  }

  void int_range(const Parameter& p, const std::string& path) {
    const bool min_known = !read(path + "/min");
    const bool max_known = !read(path + "/max");
    const bool ordered = min_known && max_known && p.int_min <= p.int_max;
    if (min_known && max_known && !ordered)
      below_min(path, std::to_string(p.int_max), std::to_string(p.int_min));
    if (!read(path + "/scale")) {
      if (p.scale == Scale::log && min_known && p.int_min < 1) {
        note(path + "/min",
             "is " + std::to_string(p.int_min) + ", but a log scale of ints needs values from 1 up",
             "an integer of at least 1");
      }
      if (p.scale == Scale::reverse_log) {
        note(path + "/scale", "is reverse_log, which is for floats below 1",
             R"("auto", "linear" or "log")");
      }
    }
    if (read(path + "/step")) return;
    if (p.int_step < 1) {
      note(path + "/step", "is " + std::to_string(p.int_step), "an integer of at least 1");
    } else if (ordered && p.int_min < p.int_max) {
      const std::uint64_t width =
          static_cast<std::uint64_t>(p.int_max) - static_cast<std::uint64_t>(p.int_min);
      if (static_cast<std::uint64_t>(p.int_step) > width) {
        note(path + "/step", "is " + std::to_string(p.int_step) + ", larger than the range",
             "at most " + std::to_string(width));
      }
    }
  }

  void below_min(const std::string& path, const std::string& max, const std::string& min) {
    note(path + "/max", "is " + max + ", below min (" + min + ")", "a number of at least " + min);
  }

  bool choice(const Value& value, const std::string& path) {
    if (read(path)) return false;
    if (const auto* real = std::get_if<double>(&value)) return finite(*real, path);
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || (is_utf8(*text) && text->find('\0') == std::string::npos)) return true;
    note(path, "has broken UTF-8 or a NUL character", "plain text");
    return false;
  }

  void choices(const Parameter& p, const std::string& path) {
    if (read(path)) return;
    if (p.choices.empty()) note(path, "is empty", "at least one choice");
    Names seen;
    for (std::size_t i = 0; i < p.choices.size(); ++i) {
      const std::string at = path + pointer_step(i);
      if (choice(p.choices[i], at) && !seen.insert(identity(p.choices[i])).second) {
        note(at, "repeats the choice " + to_json(p.choices[i]), "each choice once");
      }
    }
  }

  void conditions(const Parameter& p) {
    const std::string path = path_of(p) + "/when";
    Names parents;
    for (const Condition& condition : p.when) {
      const std::string at = path + pointer_step(condition.parent);
      if (read(at)) continue;
      if (!parents.insert(condition.parent).second) {
        note(at, "names the same parameter twice", "one list of values for each");
        continue;
      }
      const Parameter* parent = space_.find(condition.parent);
      if (parent == nullptr) {
        const std::string guess = suggest_name(condition.parent, space_.parameters());
        note(at, "is about no parameter of this space" + (guess.empty() ? "" : "; " + guess),
             "the name of another parameter");
        continue;
      }
      if (condition.values.empty())
        note(at, "is empty", "at least one value of '" + parent->name + "'");
      if (unsound(*parent)) continue;
      for (std::size_t i = 0; i < condition.values.size(); ++i) {
        const Value& value = condition.values[i];
        const Value meant = fitted(*parent, value);
        if (read(at + pointer_step(i)) || (belongs(*parent, meant) && same_value(meant, value)))
          continue;
        note(at + pointer_step(i),
             "is " + to_json(value) + ", which '" + parent->name + "' never is",
             describe_values(*parent));
      }
    }
  }

  void graph() {
    const ConditionGraph graph(space_);
    for (const auto& [child, parent] : graph.cycles()) {
      note(path_of(*child) + "/when" + pointer_step(parent->name),
           child == parent
               ? "is about the parameter itself"
               : "depends on '" + child->name + "' in turn, so that neither could ever be active",
           "conditions without a circle");
    }
    for (const Parameter* parameter : graph.too_deep()) {
      note(path_of(*parameter) + "/when",
           "is nested more than " + std::to_string(max_condition_depth) + " conditions deep");
    }
  }

  void constraints() {
    Names doubtful;
    for (const Parameter& parameter : space_.parameters()) {
      if (unsound(parameter)) doubtful.insert(parameter.name);
    }
    for (std::size_t i = 0; i < space_.constraints().size(); ++i) {
      const std::string path = base_ + "/constraints" + pointer_step(i);
      if (read(path)) continue;
      for (const ExpressionProblem& problem :
           Expression(space_.constraints()[i]).check(space_, doubtful)) {
        mistakes_.push_back({path, problem.what, problem.allowed});
      }
    }
  }

  const Space& space_;
  const std::string& base_;
  std::vector<Mistake>& mistakes_;
  Names read_;   // paths with mistakes before validation
  Names paths_;  // and since
};

}  // namespace

std::string suggest_name(std::string_view name, const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  names.reserve(parameters.size());
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  const std::string guess = closest(name, names);
  return guess.empty() ? "" : "did you mean '" + guess + "'?";
}

void validate_space(const Space& space, const std::string& base, std::vector<Mistake>& mistakes) {
  Validator(space, base, mistakes).run();
}

std::vector<Mistake> Space::validate() const {
  std::vector<Mistake> mistakes;
  validate_space(*this, "", mistakes);
  return mistakes;
}

}  // namespace tunesmith
