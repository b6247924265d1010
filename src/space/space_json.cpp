#include "space/space_json.hpp"

#include <set>
#include <utility>

#include "space/validate.hpp"
#include "space/value.hpp"

namespace tunesmith {
namespace {

constexpr const char* value_words = "a number, true, false or a string";

/// Reads parameters; remembers where the file has a scalar for a one-element list.
class Reader {
 public:
  Reader(Space& space, std::vector<Mistake>& mistakes) : space_(space), mistakes_(mistakes) {}

  void parameter(const std::string& name, const Json& json, const std::string& path) {
    if (json.is_discarded() || !described(name, json, path))
      space_.add_fixed(name, false);  // keeps the name known
  }

  /// "/when/optimizer/0" is called "/when/optimizer" where that is a scalar.
  void shorten(std::string& path) const {
    if (path.size() > 2 && path.compare(path.size() - 2, 2, "/0") == 0 &&
        scalars_.contains(path.substr(0, path.size() - 2))) {
      path.resize(path.size() - 2);
    }
  }

 private:
  /// Whether the type was legible, and the parameter added.
  bool described(const std::string& name, const Json& json, const std::string& path) {
    ObjectReader reader(json, path, mistakes_);
    constexpr const char* types = R"(one of "float", "int", "categorical", "ordinal", "fixed")";
    reader.require("type", types);
    const auto type = reader.choice("type", {"float", "int", "categorical", "ordinal", "fixed"});
    if (!type) {
      read_whatever_type(reader);
      return false;
    }
    switch (*type) {
      case 0:
        space_.add_float(name, float_options(reader));
        break;
      case 1:
        space_.add_int(name, int_options(reader));
        break;
      case 2:
        space_.add_categorical(name, choices(reader), choice_options(reader));
        break;
      case 3:
        space_.add_ordinal(name, choices(reader), choice_options(reader));
        break;
      default: {
        const Json* json_value = reader.require("value", value_words);
        Value value =
            json_value == nullptr ? Value(false) : this->value(*json_value, reader.path("value"));
        space_.add_fixed(name, std::move(value), {.when = conditions(reader)});
      }
    }
    reader.finish();
    return true;
  }

  /// What is wrong with a field whatever the type.
  void read_whatever_type(ObjectReader& reader) {
    for (const char* key : {"min", "max", "step"}) reader.number(key);
    scale(reader);
    if (reader.has("values")) choices(reader);
    if (const Json* json = reader.find("value")) value(*json, reader.path("value"));
    conditions(reader);
    reader.object("prior");
  }

  FloatOptions float_options(ObjectReader& reader) {
    FloatOptions options;
    reader.require("min", "a number");
    options.min = reader.number("min").value_or(0);
    reader.require("max", "a number");
    options.max = reader.number("max").value_or(0);
    options.scale = scale(reader);
    options.step = reader.number("step");
    options.when = conditions(reader);
    options.prior = near_prior(reader);
    return options;
  }

  IntOptions int_options(ObjectReader& reader) {
    IntOptions options;
    reader.require("min", "an integer");
    options.min = reader.integer("min").value_or(0);
    reader.require("max", "an integer");
    options.max = reader.integer("max").value_or(0);
    options.scale = scale(reader);
    options.step = reader.integer("step").value_or(1);
    options.when = conditions(reader);
    options.prior = near_prior(reader);
    return options;
  }

  ChoiceOptions choice_options(ObjectReader& reader) {
    ChoiceOptions options;
    options.when = conditions(reader);
    options.prior = weights_prior(reader);
    return options;
  }

  /// {"near": 1e-3, "spread": 0.1}
  std::optional<Prior> near_prior(ObjectReader& reader) {
    const Json* object = reader.object("prior");
    if (object == nullptr) return std::nullopt;
    ObjectReader fields(*object, reader.path("prior"), mistakes_);
    Prior prior;
    fields.require("near", "a number of the range");
    prior.near = fields.number("near");
    if (const auto spread = fields.number("spread")) prior.spread = *spread;
    fields.finish();
    return prior;
  }

  /// {"weights": [3, 1, 1]}
  std::optional<Prior> weights_prior(ObjectReader& reader) {
    const Json* object = reader.object("prior");
    if (object == nullptr) return std::nullopt;
    ObjectReader fields(*object, reader.path("prior"), mistakes_);
    Prior prior;
    fields.require("weights", "an array with a number for each choice");
    if (const Json* array = fields.array("weights")) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        const Json& json = (*array)[i];
        if (!json.is_number() && !json.is_discarded()) {
          mistakes_.push_back({fields.path("weights") + pointer_step(i),
                               "is " + json_kind(json) + " (" + json_excerpt(json) + ")",
                               "a number of at least 0"});
        }
        // Keeps the positions of the others.
        prior.weights.push_back(json.is_number() ? json.get<double>() : 1.0);
      }
    }
    fields.finish();
    return prior;
  }

  static Scale scale(ObjectReader& reader) {
    constexpr Scale scales[] = {Scale::automatic, Scale::linear, Scale::log, Scale::reverse_log};
    return scales[reader.choice("scale", {"auto", "linear", "log", "reverse_log"}).value_or(0)];
  }

  std::vector<Value> choices(ObjectReader& reader) {
    reader.require("values", "an array of choices");
    const Json* array = reader.array("values");
    return array == nullptr ? std::vector<Value>() : values(*array, reader.path("values"));
  }

  std::vector<Value> values(const Json& array, const std::string& path) {
    std::vector<Value> result;
    result.reserve(array.size());
    for (std::size_t i = 0; i < array.size(); ++i)
      result.push_back(value(array[i], path + pointer_step(i)));
    return result;
  }

  Value value(const Json& json, const std::string& path) {
    if (auto value = value_from_json(json)) return std::move(*value);
    if (!json.is_discarded()) {
      mistakes_.push_back(
          {path, "is " + json_kind(json) + " (" + json_excerpt(json) + ")", value_words});
    }
    return false;  // keeps the positions of the others
  }

  std::vector<Condition> conditions(ObjectReader& reader) {
    std::vector<Condition> result;
    const Json* object = reader.object("when");
    if (object == nullptr) return result;
    for (const auto& [parent, json] : object->items()) {
      const std::string path = reader.path("when") + pointer_step(parent);
      if (json.is_array()) {
        result.push_back({parent, values(json, path)});
      } else {
        scalars_.insert(path);
        result.push_back({parent, {value(json, path)}});
      }
    }
    return result;
  }

  Space& space_;
  std::vector<Mistake>& mistakes_;
  std::set<std::string> scalars_;
};

Json json_list(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(json_from_value(value));
  return list;
}

Json json_from_prior(const Prior& prior) {
  if (!prior.near) return {{"weights", prior.weights}};
  Json json = {{"near", *prior.near}};
  if (prior.spread != Prior().spread) json["spread"] = prior.spread;
  return json;
}

Json json_from_parameter(const Parameter& parameter) {
  Json json = Json::object();
  json["type"] = to_string(parameter.type);
  switch (parameter.type) {
    case ParameterType::floating:
      json["min"] = parameter.min;
      json["max"] = parameter.max;
      if (parameter.step != 0) json["step"] = parameter.step;
      break;
    case ParameterType::integer:
      json["min"] = parameter.int_min;
      json["max"] = parameter.int_max;
      if (parameter.int_step != 1) json["step"] = parameter.int_step;
      break;
    case ParameterType::fixed:
      json["value"] = json_from_value(parameter.choices.front());
      break;
    default:
      json["values"] = json_list(parameter.choices);
  }
  if (parameter.scale != Scale::automatic) json["scale"] = to_string(parameter.scale);
  if (!parameter.when.empty()) {
    Json when = Json::object();
    for (const Condition& condition : parameter.when)
      when[condition.parent] = json_list(condition.values);
    json["when"] = std::move(when);
  }
  if (parameter.prior) json["prior"] = json_from_prior(*parameter.prior);
  return json;
}

}  // namespace

void read_space(ObjectReader& reader, Space& space, std::vector<Mistake>& mistakes) {
  Reader parameters(space, mistakes);
  reader.require("parameters", "an object with a field for each parameter");
  const Json* object = reader.object("parameters");
  if (object != nullptr) {
    for (const auto& [name, json] : object->items()) {
      parameters.parameter(name, json, reader.path("parameters") + pointer_step(name));
    }
  }
  if (const Json* array = reader.array("constraints")) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      const Json& json = (*array)[i];
      if (!json.is_string() && !json.is_discarded()) {
        mistakes.push_back({reader.path("constraints") + pointer_step(i),
                            "is " + json_kind(json) + " (" + json_excerpt(json) + ")", "a string"});
      }
      // Without parameters every name is unknown: that says nothing of the constraint.
      if (object == nullptr || object->empty()) continue;
      space.add_constraint(json.is_string() ? json.get<std::string>()
                                            : "");  // keeps the positions of the others
    }
  }
  const std::size_t before = mistakes.size();
  validate_space(space, reader.path(), mistakes);
  for (std::size_t i = before; i < mistakes.size(); ++i) parameters.shorten(mistakes[i].path);
}

void write_space(const Space& space, Json& object) {
  Json& parameters = object["parameters"] = Json::object();
  for (const Parameter& parameter : space.parameters())
    parameters[parameter.name] = json_from_parameter(parameter);
  if (!space.constraints().empty()) object["constraints"] = space.constraints();
}

std::string Space::to_json() const {
  Json object = Json::object();
  write_space(*this, object);
  return json_text(object);
}

Space Space::from_json(std::string_view json) {
  std::vector<Mistake> mistakes;
  const Json root = parse_json(json, mistakes);
  Space space;
  if (!root.is_discarded()) {
    ObjectReader reader(root, "", mistakes);
    if (reader.is_object()) read_space(reader, space, mistakes);
    reader.finish();
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_space, std::move(mistakes));
  return space;
}

}  // namespace tunesmith
