#include <algorithm>
#include <array>
#include <charconv>

#include "tunesmith/rungs.hpp"

namespace tunesmith {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) return {};
  return value;
}

}  // namespace

bool names_epochs(std::string_view hyperparameter) {
  static constexpr std::array known = {
      "epochs",    "epoch",    "numepochs",   "numepoch",       "nepochs",     "nepoch",
      "maxepochs", "maxepoch", "trainepochs", "numberofepochs", "totalepochs", "numtrainepochs"};
  std::string plain;
  for (const char c : hyperparameter) {
    if (c == '_' || c == '-') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return std::find(known.begin(), known.end(), plain) != known.end();
}

std::optional<EpochsParameter> infer_epochs(
    const std::map<std::string, std::string>& static_parameters) {
  std::optional<EpochsParameter> found;
  for (const auto& [name, text] : static_parameters) {
    if (!names_epochs(name) || (found && name != "epochs")) continue;
    if (const auto epochs = whole_number(text)) found = {.name = name, .epochs = *epochs};
  }
  return found;
}

}  // namespace tunesmith
