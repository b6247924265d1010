#include "metrics/definition.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>

#include "core/json.hpp"
#include "metrics/metric_pattern.hpp"
#include "metrics/printable.hpp"

namespace tunesmith {

const char* to_string(MetricFormat format) noexcept {
  switch (format) {
    case MetricFormat::regex:
      return "regex";
    case MetricFormat::json_lines:
      return "json_lines";
    case MetricFormat::key_value:
      return "key_value";
  }
  return "unknown";
}

std::string key_of(const MetricDefinition& definition) {
  return definition.key.empty() ? definition.name : definition.key;
}

std::string pattern_of(const MetricDefinition& definition) {
  if (definition.format == MetricFormat::regex) return definition.regex;
  // The key as a word of its own ("loss" is not found in "val_loss=1"). A number, or else whatever
  // stands there, so that "loss=None" is noticed.
  return R"((?:^|[^\w.\-/]))" + RE2::QuoteMeta(key_of(definition)) +
         R"(\s*=\s*["']?([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[^\s,;"')\]}|]+))";
}

std::vector<Mistake> validate(const MetricDefinition& definition) {
  std::vector<Mistake> mistakes;
  if (definition.name.empty()) mistakes.push_back({"/name", "is empty", "a name"});
  for (std::size_t at = 0; at < definition.name.size(); ++at) {
    const std::size_t length = utf8_length(definition.name, at);
    if (length == 0 || static_cast<unsigned char>(definition.name[at]) < 0x20) {
      mistakes.push_back(
          {"/name", "holds a control character or bytes that are not UTF-8", "text"});
      break;
    }
    at += length - 1;
  }
  if (definition.format == MetricFormat::regex) {
    if (auto mistake = check_pattern(definition.regex)) {
      mistake->path = "/regex";
      mistakes.push_back(*mistake);
    }
    if (!definition.key.empty()) {
      mistakes.push_back({"/key", "is given beside a regex",
                          "a key only with the format json_lines or key_value"});
    }
  } else if (!definition.regex.empty()) {
    mistakes.push_back({"/regex",
                        "is given beside the format " + std::string(to_string(definition.format)),
                        "either a regex or a ready-made format"});
  }
  return mistakes;
}

std::vector<Mistake> validate(const ExtractionOptions& options) {
  std::vector<Mistake> mistakes;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < options.metrics.size(); ++i) {
    const std::string path = "/metrics" + pointer_step(i);
    const auto [known, fresh] = first.emplace(options.metrics[i].name, i);
    if (!fresh && !known->first.empty()) {
      mistakes.push_back(
          {path + "/name",
           "is \"" + known->first + "\" like that of /metrics/" + std::to_string(known->second),
           "each name once"});
    }
    for (Mistake& mistake : validate(options.metrics[i])) {
      mistake.path = path + mistake.path;
      mistakes.push_back(std::move(mistake));
    }
  }
  if (!options.resource_regex.empty()) {
    if (auto mistake = check_pattern(options.resource_regex)) {
      mistake->path = "/resource_regex";
      mistakes.push_back(*mistake);
    }
  }
  return mistakes;
}

}  // namespace tunesmith
