#include "metrics/pattern_outline.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using tunesmith::outline;
using tunesmith::PatternOutline;

namespace {

std::string content(const PatternOutline& seen) {
  if (!seen.group) return "(none)";
  return seen.text.substr(seen.group->content_begin, seen.group->close - seen.group->content_begin);
}

}  // namespace

TEST_CASE("group 1 is found") {
  struct Case {
    const char* pattern;
    const char* content;
    int groups;
  };
  const Case cases[] = {
      {"loss: ([0-9.]+)", "[0-9.]+", 1},
      {"no group", "(none)", 0},
      {R"(\(not\) (a))", "a", 1},
      {"[(](a)", "a", 1},
      {"[](](a)", "a", 1},
      {"[^](](a)", "a", 1},
      {"[[:alpha:](](a)", "a", 1},
      {R"([\](](a))", "a", 1},
      {"(?:x(?i:y))(a)", "a", 1},
      {"(?i)(a)", "a", 1},
      {"(?P<v>a+)", "a+", 1},
      {"(a(b)(?:c))(d)", "a(b)(?:c)", 3},
      {R"(\Q(\E(a))", "a", 1},
      {"(open", "(none)", 1},
      {"close)(a)", "a", 1},
      {R"(x\)", "(none)", 0},
      {"[open(a)", "(none)", 0},
  };
  for (const Case& c : cases) {
    INFO(c.pattern);
    const PatternOutline seen = outline(c.pattern);
    CHECK(content(seen) == c.content);
    CHECK(seen.groups == c.groups);
  }
}

TEST_CASE("the text that every match needs") {
  struct Case {
    const char* pattern;
    const char* required;
  };
  const Case cases[] = {
      {"Average loss: ([0-9.]+)", "Average loss: "},
      {"loss:? ([0-9.]+)", "loss"},
      {"loss: *([0-9.]+)", "loss:"},
      {"loss: +([0-9.]+)", "loss: "},
      {"losse{0,2}s ([0-9.]+)", "loss"},
      {"los{2} ([0-9.]+)", "los"},
      {"a{x} (b)", "a{x} "},
      {R"(epoch\.\[(\d+)\] values)", "] values"},
      {"a|b (c)", ""},
      {"(?:aaaa|bbbb) c (d)", " c "},
      {"(?i)loss (a)", ""},
      {R"(\x41\101\pN\p{Greek}ab(c))", "ab"},
      {R"(\Qa.b\E(c))", "a.b"},
      {"gr\xc3\xb6\xc3\x9f"
       "e (c)",
       "gr\xc3\xb6\xc3\x9f"
       "e "},
      {"gr\xc3\xb6?e(c)", "gr"},
      {R"(\tval (c))", "\tval "},
      {R"(\d+\s(c))", ""},
  };
  for (const Case& c : cases) {
    INFO(c.pattern);
    CHECK(outline(c.pattern).required == c.required);
  }
}

TEST_CASE("whether the neighbours of group 1 are spelled out") {
  struct Case {
    const char* pattern;
    bool before;
    bool after;
  };
  const Case cases[] = {
      {"loss: (a),", true, true},      {"(a)", false, false},
      {".*(a).*", false, false},       {"-?(a),?", false, false},
      {"-(a),+", true, true},          {"[+-](a)[,;]", true, true},
      {"[+-]?(a)[,;]*", false, false}, {"[^0-9](a)[^0-9]", false, false},
      {R"(\D(a)\s)", false, false},    {R"(\d(a)\d)", true, true},
      {"x|(a)|y", false, false},       {"(?:x)(a)(?:y)", false, false},
      {"^(a)$", false, false},         {"(?:x(a))y", true, true},
      {"x(a)+y", true, false},         {"x(?i)(a)", true, false},
  };
  for (const Case& c : cases) {
    INFO(c.pattern);
    const PatternOutline seen = outline(c.pattern);
    REQUIRE(seen.group);
    CHECK(seen.group->fixed_before == c.before);
    CHECK(seen.group->fixed_after == c.after);
  }
}

TEST_CASE("what is repeated right before group 1") {
  const auto repeated = [](const char* pattern) {
    const PatternOutline seen = outline(pattern);
    REQUIRE(seen.group);
    return seen.text.substr(seen.group->repeated_begin,
                            seen.group->repeated_end - seen.group->repeated_begin);
  };
  CHECK(repeated(R"(loss\D*(a))") == R"(\D)");
  CHECK(repeated("loss[^0-9]+(a)") == "[^0-9]");
  CHECK(repeated("loss *(a)") == " ");
  CHECK(repeated("loss\xc3\xa4*(a)") == "(?:\xc3\xa4)");
  CHECK(repeated("loss.*?(a)") == "");
  CHECK(repeated("loss.?(a)") == "");
  CHECK(repeated("lo*ss(a)") == "");
  CHECK(repeated("(?:lo)*(a)") == "");
  CHECK(repeated("x*(?:(a))") == "");
  CHECK(repeated("x{2}(a)") == "");
}

TEST_CASE("words are kept for the search of lookalikes") {
  CHECK(outline("Average loss: ([0-9.]+), (?:Acc|acc) x y_test").words ==
        std::vector<std::string>{"average", "loss", "acc", "test"});
}

TEST_CASE("the text for RE2 means characters where it says characters") {
  CHECK(outline("\xc3\xa4?(b)\\Z").text == "(?:\xc3\xa4)?(b)$");
  CHECK(outline("(b)\\z").text == "(b)$");
}

TEST_CASE("the outline of any bytes is taken without harm") {
  // Every prefix of patterns with every construct, and bytes that are no UTF-8.
  const std::string pattern =
      "(?P<n>[^]a-z[:alpha:]\\]]{2,5}?)\\Qx(\\E(?i:\\x{41}\\012\\1)(?<=a)b++\xff[\xc3(]|*\\";
  for (std::size_t length = 0; length <= pattern.size(); ++length) {
    const PatternOutline seen = outline(pattern.substr(0, length));
    CHECK(seen.text.size() <= 3 * length + 2);
  }
}
