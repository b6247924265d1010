#include "metrics/nearest_lines.hpp"

#include <string>

#include "support/catch.hpp"

using tunesmith::KeptLine;
using tunesmith::LastLines;
using tunesmith::listing;
using tunesmith::NearestLines;

TEST_CASE("the lines that share most with what was looked for are kept") {
  NearestLines nearest({"average", "loss"});
  nearest.look(1, "nothing");
  CHECK(nearest.lines().empty());
  nearest.look(2, "a loss");
  nearest.look(3, "AVERAGE LOSS");
  nearest.look(4, "another loss");
  nearest.look(5, "Average of something");
  nearest.look(6, "yet another loss");
  CHECK(listing(nearest.lines()) ==
        "\n  line 2: a loss\n  line 3: AVERAGE LOSS\n  line 5: Average of something");
  CHECK(nearest.indifferent_to("nothing\nat all\n"));
  CHECK_FALSE(nearest.indifferent_to("nothing\nLoss\n"));
}

TEST_CASE("the search for lookalikes tires") {
  NearestLines nearest({"loss"});
  std::uint64_t number = 0;
  while (!nearest.indifferent_to("loss") && number < 1'000'000) nearest.look(++number, "loss");
  CHECK(number < 1'000'000);
  CHECK(nearest.lines().size() == 3);
}

TEST_CASE("a block of lines leaves the same last lines as line by line") {
  const std::string blocks[] = {"a\n\nb\n", "\n \n\t\n", "c\n", "d\ne\nf\ng\n", "h\n\n", "\n"};
  LastLines by_block;
  LastLines by_line;
  std::uint64_t number = 0;
  for (const std::string& block : blocks) {
    std::size_t at = 0;
    while (at < block.size()) {
      const std::size_t newline = block.find('\n', at);
      by_line.add(++number, std::string_view(block).substr(at, newline - at));
      at = newline + 1;
    }
    by_block.add_block(number, block);
    CHECK(listing(by_block.lines()) == listing(by_line.lines()));
  }
  CHECK(listing(by_line.lines()) == "\n  line 10: f\n  line 11: g\n  line 12: h");
}

TEST_CASE("listed lines are short and printable") {
  LastLines last;
  last.add(7, "\x1b[31m\xff" + std::string(10'000, 'x'));
  const std::string text = listing(last.lines());
  CHECK(text.substr(0, 23) == "\n  line 7: \\x1b[31m\\xff");
  CHECK(text.size() < 300);
}
