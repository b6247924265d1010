#include "trial/configuration_json.hpp"

#include "core/json_reader.hpp"

namespace tunesmith {

Json write_configuration(const Configuration& configuration) {
  Json json = Json::object();
  for (const auto& [name, value] : configuration.values()) {
    std::visit([&, &key = name](const auto& held) { json[key] = held; }, value);
  }
  return json;
}

Configuration read_configuration(const Json& json, const std::string& path,
                                 std::vector<Mistake>& mistakes) {
  Configuration configuration;
  if (!json.is_object()) {
    mistakes.push_back(
        {path, "is " + json_kind(json) + " (" + json_excerpt(json) + ")", "an object"});
    return configuration;
  }
  for (const auto& [name, value] : json.items()) {
    switch (value.type()) {
      case Json::value_t::boolean:
        configuration.set(name, value.get<bool>());
        break;
      case Json::value_t::string:
        configuration.set(name, value.get<std::string>());
        break;
      case Json::value_t::number_float:
        configuration.set(name, value.get<double>());
        break;
      case Json::value_t::number_integer:
      case Json::value_t::number_unsigned:
        configuration.set(name, value.get<std::int64_t>());
        break;
      case Json::value_t::discarded:  // whoever discarded it has said why
        break;
      default:
        mistakes.push_back({path + pointer_step(name),
                            "is " + json_kind(value) + " (" + json_excerpt(value) + ")",
                            "a number, true, false or a text"});
    }
  }
  return configuration;
}

}  // namespace tunesmith
