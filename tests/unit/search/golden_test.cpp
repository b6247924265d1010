// The first suggestions of every strategy for fixed spaces and a fixed seed, compared with
// tests/golden/*.json: a change of the stream is a decision, never an accident. To record new
// files, run with TUNESMITH_WRITE_GOLDEN=1 and look at the diff.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/json.hpp"
#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/instruction_set.hpp"
#include "tunesmith/search.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

constexpr int golden_trials = 12;

struct Golden {
  std::string file;
  std::string strategy;
  std::string options;
  Space space;
};

std::vector<Golden> sequences() {
  std::vector<Golden> list;
  for (const PluginInfo& info : search_strategies()) {
    list.push_back({info.name + "_finite", info.name, "{}", test::finite_space()});
    if (info.name != "grid")
      list.push_back({info.name + "_mixed", info.name, "{}", test::mixed_space()});
  }
  return list;
}

std::vector<Configuration> suggested(const Golden& sequence) {
  const auto strategy = make_search(sequence.strategy, sequence.options);
  ViewBuilder builder(test::problem_of(sequence.space, 42));
  std::vector<Configuration> configurations;
  for (int i = 0; i < golden_trials; ++i) {
    const auto suggestions = strategy->suggest(builder.view(), 1);
    REQUIRE(suggestions.size() == 1);
    configurations.push_back(suggestions[0].configuration);
    builder.complete(builder.add(suggestions[0]),
                     test::toy_loss(sequence.space, configurations.back()));
  }
  return configurations;
}

std::string path_of(const Golden& sequence) {
  return std::string(TUNESMITH_GOLDEN_DIR) + "/" + sequence.file + ".json";
}

void write(const Golden& sequence, const std::vector<Configuration>& configurations) {
  std::ofstream file(path_of(sequence));
  file << "[\n";
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    file << "  " << configurations[i].to_json() << (i + 1 < configurations.size() ? ",\n" : "\n");
  }
  file << "]\n";
}

/// Equal up to what another mathematical library may round differently, and what a fitted model
/// makes of that.
bool alike(const Value& a, const Value& b) {
  const double* x = std::get_if<double>(&a);
  const double* y = std::get_if<double>(&b);
  if (x == nullptr || y == nullptr) return a == b;
  return std::fabs(*x - *y) <= 1e-6 * std::fmax(std::fabs(*x), std::fabs(*y));
}

}  // namespace

TEST_CASE("The first suggestions are those on record") {
  // Recorded with the arithmetic that every processor has.
  const std::string_view before = instruction_set();
  REQUIRE(set_instruction_set("generic"));
  for (const Golden& sequence : sequences()) {
    INFO(path_of(sequence));
    const auto now = suggested(sequence);
    if (std::getenv("TUNESMITH_WRITE_GOLDEN") != nullptr) write(sequence, now);
    std::ifstream file(path_of(sequence));
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    const Json recorded = parse_json_or_throw(text.str(), ErrorCode::invalid_argument);
    REQUIRE(recorded.size() == now.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
      INFO("suggestion " << i << " is " << now[i].to_json() << ", on record is "
                         << json_text(recorded[i]));
      const auto then = Configuration::from_json(json_text(recorded[i]));
      REQUIRE(then.size() == now[i].size());
      for (std::size_t k = 0; k < then.size(); ++k) {
        CHECK(now[i].values()[k].first == then.values()[k].first);
        CHECK(alike(now[i].values()[k].second, then.values()[k].second));
      }
    }
  }
  set_instruction_set(before);
}
