#include "space/expression.hpp"

#include <string>
#include <vector>

#include "core/random.hpp"
#include "support/catch.hpp"

namespace ts = tunesmith;

namespace {

bool holds(const std::string& text, const ts::Configuration& configuration = {}) {
  return ts::Expression(text).holds(configuration);
}

ts::Space example() {
  ts::Space space;
  space.add_int("layers", {.min = 1, .max = 8})
      .add_int("width", {.min = 1, .max = 1024})
      .add_float("lr", {.min = 0, .max = 1})
      .add_int("batch-size", {.min = 1, .max = 512})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_categorical("nesterov", {true, false})
      .add_ordinal("depth", {std::int64_t{18}, std::int64_t{34}, 50.5})
      .add_categorical("mixed", {"none", 0.5});
  return space;
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> words;
  for (const auto& problem : ts::Expression(text).check(example(), {"doubtful"}))
    words.push_back(problem.what);
  return words;
}

using Words = std::vector<std::string>;

std::string only(const std::string& text) {
  const Words words = problems(text);
  REQUIRE(words.size() == 1);
  return words[0];
}

}  // namespace

TEST_CASE("operators bind as in Python") {
  CHECK(holds("1 + 2 * 3 == 7"));
  CHECK(holds("(1 + 2) * 3 == 9"));
  CHECK(holds("10 - 4 - 3 == 3"));
  CHECK(holds("24 / 4 / 2 == 3"));
  CHECK(holds("2 ** 3 ** 2 == 512"));
  CHECK(holds("-2 ** 2 == -4"));
  CHECK(holds("2 ** -1 == 0.5"));
  CHECK(holds("-2 * -3 == 6"));
  CHECK(holds("2 * -3 + 1 == -5"));
  CHECK(holds("+3 == 3"));
  CHECK(holds("- - 3 == 3"));
  CHECK(holds("7 % 3 == 1"));
  CHECK(holds("-7 % 3 == 2"));
  CHECK(holds("7 % -3 == -2"));
  CHECK(holds("2 + 3 < 2 * 3"));
  CHECK(holds("true or true and false"));
  CHECK_FALSE(holds("(true or true) and false"));
  CHECK(holds("not 1 > 2"));
  CHECK(holds("not false and true"));
  CHECK_FALSE(holds("not (false or true)"));
  CHECK(holds("not not true"));
  CHECK(holds("1e-3 == .001"));
  CHECK(holds("1.5E+2 == 150."));
}

TEST_CASE("comparisons compare") {
  CHECK((holds("1 < 2") && !holds("2 < 2") && !holds("3 < 2")));
  CHECK((holds("1 <= 2") && holds("2 <= 2") && !holds("3 <= 2")));
  CHECK((!holds("1 > 2") && !holds("2 > 2") && holds("3 > 2")));
  CHECK((!holds("1 >= 2") && holds("2 >= 2") && holds("3 >= 2")));
  CHECK((holds("1 != 2") && !holds("2 != 2")));
  CHECK((holds("'a' == \"a\"") && !holds("'a' == 'b'") && holds("'a' != 'A'")));
  CHECK((holds("true == (1 < 2)") && holds("false != true")));
}

TEST_CASE("functions") {
  CHECK(holds("abs(-3) == 3"));
  CHECK(holds("min(3, 1, 2) == 1"));
  CHECK(holds("max(3, 1 + 4, 2) == 5"));
  CHECK(holds("abs(log(exp(2)) - 2) < 1e-12"));
  CHECK(holds("sqrt(16) == 4"));
  CHECK(holds("floor(-1.5) == -2"));
  CHECK(holds("ceil(-1.5) == -1"));
  CHECK(holds("max(min(1, 2), 0) ** 2 == 1"));
}

TEST_CASE("undefined arithmetic never makes a constraint hold, unless the rest decides") {
  CHECK_FALSE(holds("1 / 0 > 0"));
  CHECK_FALSE(holds("1 / 0 < 0"));
  CHECK_FALSE(holds("not 1 / 0 < 0"));
  CHECK_FALSE(holds("log(0) < 0"));
  CHECK_FALSE(holds("log(-1) != 0"));
  CHECK_FALSE(holds("sqrt(-1) == sqrt(-1)"));
  CHECK_FALSE(holds("5 % 0 >= 0"));
  CHECK_FALSE(holds("0 ** -1 > 0"));
  CHECK_FALSE(holds("max(log(-1), 1) > 0"));
  CHECK(holds("0 == 0 or 1 / 0 < 2"));
  CHECK(holds("1 / 0 < 2 or 0 == 0"));
  CHECK_FALSE(holds("1 / 0 < 2 or 0 == 1"));
  CHECK(holds("not (1 / 0 < 2 and 0 == 1)"));
}

TEST_CASE(
    "parameters are read from the configuration, and an absent one makes the constraint hold") {
  const ts::Configuration configuration{{"layers", std::int64_t{4}},
                                        {"lr", 0.5},
                                        {"optimizer", "sgd"},
                                        {"nesterov", true},
                                        {"batch-size", std::int64_t{64}},
                                        {"größe", std::int64_t{2}},
                                        {"max", std::int64_t{3}},
                                        {"net.width", std::int64_t{9}}};
  CHECK(holds("layers * lr == 2", configuration));
  CHECK(holds("optimizer == 'sgd' and nesterov", configuration));
  CHECK_FALSE(holds("optimizer != 'sgd' or lr < 0.1", configuration));
  CHECK(holds("`batch-size` % 8 == 0", configuration));
  CHECK(holds("größe == 2 and net.width == 9", configuration));
  CHECK(holds("max == 3 and max(max, 5) == 5", configuration));
  CHECK(holds("layers < 0 and absent > 1", configuration));
}

TEST_CASE("a sound constraint has no problems") {
  for (const char* text :
       {"layers * width <= 4096", "optimizer != 'sgd' or lr < 0.1", "nesterov or lr < 0.5",
        "nesterov == (lr > 0.5)", "depth == 34", "depth >= 20", "mixed == 'none' or mixed == 0.5",
        "mixed != optimizer", "`batch-size` >= layers", "layers / width < doubtful",
        "doubtful == 'x'", "optimizer == \"adam\"", "depth == 50.5"}) {
    CAPTURE(text);
    CHECK(problems(text).empty());
  }
}

TEST_CASE("syntax mistakes say where and what") {
  CHECK(only("") == "at column 1: is empty");
  CHECK(only("   ") == "at column 1: is empty");
  CHECK(only("layers <") == "at column 9: ends too early");
  CHECK(only("layers * * width < 3") == "at column 10: unexpected '*'");
  CHECK(only("(layers < 3") == "at column 12: ends too early");
  CHECK(only("layers < 3)") == "at column 11: unexpected ')'");
  CHECK(only("layers width < 3") == "at column 8: unexpected 'width'");
  CHECK(only("layers = 3") == "at column 8: '=' is written == here");
  CHECK(only("layers < 3 && lr < 1") == "at column 12: '&' is written and here");
  CHECK(only("layers < 3 || lr < 1") == "at column 12: '|' is written or here");
  CHECK(only("!nesterov") == "at column 1: '!' is written not here");
  CHECK(only("layers ^ 2 < 9") == "at column 8: '^' is written ** here");
  CHECK(only("1 < layers < 5") ==
        "at column 12: comparisons do not chain; join them with and: \"1 < a and a < 5\"");
  CHECK(only("optimizer == 'sgd") == "at column 14: the ' is never closed");
  CHECK(only("layers < 3x") == "at column 10: '3x' is not a number");
  CHECK(only("layers < 1.2.3") == "at column 10: '1.2.3' is not a number");
  CHECK(only("layers < 1e999") == "at column 10: '1e999' is not a number");
  CHECK(only("sqr(layers) < 3") == "at column 1: 'sqr' is no function; did you mean 'sqrt'?");
  CHECK(only("max(layers) < 3") == "at column 11: unexpected ')'");
  CHECK(only("log(layers, 2) < 3") == "at column 11: unexpected ','");
  CHECK(only("größe # 3") == "at column 7: unexpected \"#\"");
  CHECK(only("and layers") == "at column 1: unexpected 'and'");
}

TEST_CASE("unknown names are told once each, with the name that was meant") {
  CHECK(problems("widht * widht < lr") ==
        Words{"at column 1: no parameter is called 'widht'; did you mean 'width'?"});
  CHECK(problems("foo < quux").size() == 2);
  CHECK(only("batch-size < 3") ==
        "at column 1: the name 'batch-size' needs backquotes: `batch-size`");
  CHECK(only("`batch_size` < 3") ==
        "at column 1: no parameter is called 'batch_size'; did you mean 'batch-size'?");
}

TEST_CASE("types that do not go together are refused") {
  CHECK(only("layers + optimizer < 3") == "at column 10: '+' needs numbers, but this is a text");
  CHECK(only("optimizer < 'sgd'") == "at column 1: '<' needs numbers, but this is a text");
  CHECK(only("layers == 'three'") ==
        "at column 8: the left side is a number, the right side a text: never equal");
  CHECK(only("layers and lr < 1") == "at column 1: 'and' needs conditions, but this is a number");
  CHECK(only("not layers") == "at column 5: 'not' needs conditions, but this is a number");
  CHECK(only("nesterov + 1 < 3") == "at column 1: '+' needs numbers, but this is true or false");
  CHECK(only("log('x') < lr") == "at column 5: 'log' needs numbers, but this is a text");
  CHECK(only("mixed < 3") == "at column 1: '<' needs numbers, but this is of mixed types");
  CHECK(only("layers * width") == "is a number, not a condition");
  CHECK(only("1 < 2") == "names no parameter, so it always or never holds");
  CHECK(problems("optimizer + nesterov < 'x'").size() == 2);
}

TEST_CASE("choices that a parameter does not have are refused") {
  CHECK(only("optimizer == 'sdg'") == "at column 14: 'optimizer' is never \"sdg\"");
  CHECK(only("'adagrad' != optimizer") == "at column 1: 'optimizer' is never \"adagrad\"");
  CHECK(only("depth == 19") == "at column 10: 'depth' is never 19.0");
  CHECK(only("mixed == 'some'") == "at column 10: 'mixed' is never \"some\"");
  CHECK(ts::Expression("optimizer == 'sdg'").check(example(), {})[0].allowed == "sgd, adam");
}

TEST_CASE("any sequence of words is answered: sound, or told what is wrong") {
  const std::vector<std::string> words{
      "layers", "width", "lr", "optimizer", "nesterov", "`batch-size`",
      "'sgd'",  "true",  "3",  "0.5",       "+",        "-",
      "*",      "/",     "%",  "**",        "(",        ")",
      "<",      ">=",    "==", "!=",        "and",      "or",
      "not",    "max(",  ",",  "log(",      "'",        "=",
      "nobody"};
  const ts::Configuration configuration = example().decode(std::vector<double>(8, 0.3));
  ts::RandomStream random(1, 0, "words");
  int sound = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t n = 1 + random.below(7); n > 0; --n)
      text += words[random.below(words.size())] + " ";
    CAPTURE(text);
    const ts::Expression expression(text);
    const bool held = expression.holds(configuration);
    const auto found = expression.check(example(), {});
    if (found.empty()) {
      ++sound;
      // A sound condition, where it is defined, and its opposite never both hold.
      REQUIRE_FALSE((held && ts::Expression("not (" + text + ")").holds(configuration)));
    } else {
      REQUIRE_FALSE(found.front().what.empty());
    }
  }
  CHECK(sound > 100);
}

TEST_CASE("expressions from outside are bounded in length and depth") {
  CHECK(only(std::string(5000, ' ')) == "is longer than 4096 bytes");
  CHECK(only(std::string(200, '(') + "lr") == "at column 65: nests deeper than 64 levels");
  CHECK(only(std::string(200, '-') + "lr < 1") == "at column 65: nests deeper than 64 levels");
  std::string long_sum = "lr";
  while (long_sum.size() < 4000) long_sum += "+lr";
  CHECK(problems(long_sum + " >= 0").empty());
  CHECK(holds(long_sum + " >= 0", {{"lr", 0.5}}));
}
