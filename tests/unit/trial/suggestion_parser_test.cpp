#include "trial/suggestion_parser.hpp"

#include <cmath>

#include "core/json.hpp"
#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

std::string random_text(RandomStream& random) {
  static const std::vector<std::string> plain = {"lr", "a b", "\"", "\\", "\n",
                                                 "\t", "/",   "{}", ",",  "1"};
  static const std::vector<std::string> rare = {"ü", std::string(1, '\0'), "\x1f"};
  std::string text;
  for (std::uint64_t i = random.below(5); i > 0; --i) {
    const auto& pieces = random.below(30) == 0 ? rare : plain;
    text += pieces[random.below(pieces.size())];
  }
  return text;
}

Value random_value(RandomStream& random) {
  switch (random.below(5)) {
    case 0:
      return random.uniform();
    case 1: {
      const double any = std::bit_cast<double>(random.next_u64());
      return std::isfinite(any) ? any : -0.0;
    }
    case 2:
      return static_cast<std::int64_t>(random.next_u64());
    case 3:
      return random.below(2) == 0;
    default:
      return random_text(random);
  }
}

SuggestionRecord random_record(RandomStream& random) {
  SuggestionRecord record;
  for (std::uint64_t i = random.below(5); i > 0; --i) {
    record.configuration.set(random_text(random), random_value(random));
  }
  if (random.below(2) == 0) record.until = random.uniform() * 100;
  if (random.below(2) == 0) record.replicate_of = static_cast<TrialId>(random.below(50));
  record.origin = static_cast<Origin>(random.below(3));
  record.note = random_text(random);
  record.state = random_text(random);
  if (random.below(2) == 0)
    record.outlook = {random.uniform(), random.uniform() * 1e-9, random.uniform() * 1e9};
  record.prefix = static_cast<Sequence>(random.below(1000000));
  record.strategy = random_text(random);
  if (random.below(2) == 0) record.instruction_set = random_text(random);
  return record;
}

bool equal(const SuggestionRecord& a, const SuggestionRecord& b) {
  return suggestion_payload(a) == suggestion_payload(b);
}

}  // namespace

TEST_CASE("the quick reader reads what is written, escapes and all") {
  RandomStream random(1, 0, "records");
  int quick = 0;
  for (int i = 0; i < 3000; ++i) {
    const SuggestionRecord record = random_record(random);
    const std::string payload = suggestion_payload(record);
    CAPTURE(payload);
    SuggestionRecord again;
    if (parse_suggestion(payload, again)) {
      ++quick;
      CHECK(equal(again, record));
    }
    CHECK(equal(read_suggestion(payload), record));
  }
  CHECK(quick > 500);
}

TEST_CASE("what the quick reader takes, JSON would read the same") {
  RandomStream random(2, 0, "damage");
  static const std::string letters = "\"\\{}[]:,.-+eE0123456789 tfn\x01\xff";
  int taken = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string payload = suggestion_payload(random_record(random));
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      const auto at = static_cast<std::size_t>(random.below(payload.size()));
      switch (random.below(3)) {
        case 0:
          payload[at] = letters[random.below(letters.size())];
          break;
        case 1:
          payload.erase(at, 1 + random.below(4));
          break;
        default:
          payload.insert(at, 1, letters[random.below(letters.size())]);
      }
      if (payload.empty()) payload = "{";
    }
    SuggestionRecord quick;
    if (!parse_suggestion(payload, quick)) continue;
    ++taken;
    CAPTURE(payload);
    std::vector<Mistake> mistakes;
    const Json json = parse_json(payload, mistakes);
    REQUIRE(mistakes.empty());
    const Json written = parse_json(suggestion_payload(quick), mistakes);
    // Empty texts are left out when written.
    for (const auto& [key, value] : json.items()) {
      if (written.contains(key)) {
        CHECK(json_text(written[key]) == json_text(value));
      } else {
        CHECK(value == "");
      }
    }
  }
  CHECK(taken > 500);
}
