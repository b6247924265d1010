#include "metrics/literal_search.hpp"

#include <string>

#include "core/random.hpp"
#include "support/catch.hpp"

using tunesmith::LiteralSearch;

TEST_CASE("a literal is found exactly where a plain search finds it") {
  tunesmith::RandomStream random(1, 0, "literals");
  const auto word = [&](std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + random.below(3));
    return text;
  };
  int found = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string literal = word(random.below(6));
    const std::string text = word(random.below(40));
    const bool there = text.find(literal) != std::string::npos;
    found += there ? 1 : 0;
    REQUIRE(LiteralSearch(literal).occurs_in(text) == there);
    std::string shouted = text;
    for (char& c : shouted) {
      if (random.below(2) == 0) c = static_cast<char>(c - 'a' + 'A');
    }
    REQUIRE(LiteralSearch(literal, true).occurs_in(shouted) == there);
  }
  CHECK(found > 2000);
  CHECK(found < 18'000);
}

TEST_CASE("literals longer than a shift can say, and bytes above 127") {
  const std::string literal = std::string(400, 'x') + "\xff\xc3";
  CHECK(LiteralSearch(literal).occurs_in("x\xff" + literal + "y"));
  CHECK_FALSE(LiteralSearch(literal).occurs_in(literal.substr(1)));
  CHECK_FALSE(LiteralSearch("Loss").occurs_in("loss"));
  CHECK(LiteralSearch("").occurs_in(""));
}
