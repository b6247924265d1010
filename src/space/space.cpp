#include "tunesmith/space.hpp"

#include <algorithm>
#include <utility>

#include "space/activity.hpp"
#include "space/codec.hpp"
#include "space/space_impl.hpp"

namespace tunesmith {
namespace {

Parameter choice_parameter(ParameterType type, std::string name, std::vector<Value> choices,
                           ChoiceOptions options) {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.type = type;
  parameter.choices = std::move(choices);
  parameter.when = std::move(options.when);
  parameter.prior = std::move(options.prior);
  return parameter;
}

}  // namespace

void Space::Impl::add(Parameter parameter) {
  if (parameter.type != ParameterType::fixed) ++dimension;
  conditional = conditional || !parameter.when.empty();
  positions.try_emplace(parameter.name, parameters.size());
  parameters.push_back(std::move(parameter));
}

const Parameter* Space::Impl::find(std::string_view name) const {
  const auto at = positions.find(name);
  return at == positions.end() ? nullptr : &parameters[at->second];
}

Space::Space() : impl_(std::make_unique<Impl>()) {}
Space::Space(const Space& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Space::Space(Space&&) noexcept = default;
Space& Space::operator=(const Space& other) {
  if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
  return *this;
}
Space& Space::operator=(Space&&) noexcept = default;
Space::~Space() = default;

Space& Space::add_float(std::string name, FloatOptions options) {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.type = ParameterType::floating;
  parameter.min = options.min;
  parameter.max = options.max;
  parameter.scale = options.scale;
  parameter.step = options.step.value_or(0);
  // A step of 0 would read as "no step": kept negative, so that validate() refuses it.
  if (options.step == 0.0) parameter.step = -0.0;
  parameter.when = std::move(options.when);
  parameter.prior = std::move(options.prior);
  impl_->add(std::move(parameter));
  return *this;
}

Space& Space::add_int(std::string name, IntOptions options) {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.type = ParameterType::integer;
  parameter.min = static_cast<double>(options.min);
  parameter.max = static_cast<double>(options.max);
  parameter.int_min = options.min;
  parameter.int_max = options.max;
  parameter.scale = options.scale;
  parameter.step = static_cast<double>(options.step);
  parameter.int_step = options.step;
  parameter.when = std::move(options.when);
  parameter.prior = std::move(options.prior);
  impl_->add(std::move(parameter));
  return *this;
}

Space& Space::add_categorical(std::string name, std::vector<Value> choices, ChoiceOptions options) {
  impl_->add(choice_parameter(ParameterType::categorical, std::move(name), std::move(choices),
                              std::move(options)));
  return *this;
}

Space& Space::add_ordinal(std::string name, std::vector<Value> choices, ChoiceOptions options) {
  impl_->add(choice_parameter(ParameterType::ordinal, std::move(name), std::move(choices),
                              std::move(options)));
  return *this;
}

Space& Space::add_fixed(std::string name, Value value, ChoiceOptions options) {
  impl_->add(choice_parameter(ParameterType::fixed, std::move(name), {std::move(value)},
                              std::move(options)));
  return *this;
}

Space& Space::add_constraint(std::string expression) {
  impl_->expressions.push_back(std::make_shared<const Expression>(expression));
  impl_->constraints.push_back(std::move(expression));
  return *this;
}

const std::vector<Parameter>& Space::parameters() const noexcept { return impl_->parameters; }

const Parameter* Space::find(std::string_view name) const noexcept { return impl_->find(name); }

const std::vector<std::string>& Space::constraints() const noexcept { return impl_->constraints; }

std::size_t Space::dimension() const noexcept { return impl_->dimension; }

Space Space::settled() const {
  Space copy(*this);
  for (Parameter& parameter : copy.impl_->parameters) {
    if (parameter.type == ParameterType::floating || parameter.type == ParameterType::integer) {
      parameter.scale = effective_scale(parameter);
    }
  }
  return copy;
}

bool Space::is_active(const Parameter& parameter, const Configuration& configuration) const {
  if (parameter.when.empty()) return true;
  std::vector<const Value*> values;
  values.reserve(impl_->parameters.size());
  for (const Parameter& each : impl_->parameters) values.push_back(configuration.find(each.name));
  return Activity(*this, values).of(parameter) == Active::yes;
}

bool Space::satisfies(const Configuration& configuration) const {
  return std::all_of(impl_->expressions.begin(), impl_->expressions.end(),
                     [&](const auto& expression) { return expression->holds(configuration); });
}

bool Space::operator==(const Space& other) const {
  return impl_->parameters == other.impl_->parameters &&
         impl_->constraints == other.impl_->constraints;
}

}  // namespace tunesmith
