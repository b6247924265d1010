#include "metrics/words.hpp"

#include "support/catch.hpp"

using tunesmith::words_of;

TEST_CASE("words are different runs of letters in lower case") {
  using Words = std::vector<std::string>;
  CHECK(words_of("").empty());
  CHECK(words_of("Average loss_v2: x LOSS") == Words{"average", "loss"});
  CHECK(words_of("aa bb cc dd ee ff gg hh ii jj").size() == 8);
}
