#include "metrics/output_lines.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using tunesmith::OutputLine;
using tunesmith::OutputLines;

namespace {

std::vector<std::string> lines_of(OutputLines& lines, std::string_view bytes) {
  std::vector<std::string> result;
  const auto handler = [&](const OutputLine& line) {
    if (!line.cut()) {
      CHECK(line.with_newline == std::string(line.text) + "\n");
    }
    result.emplace_back(line.text);
  };
  lines.feed(bytes, handler, [](std::string_view) { return false; });
  lines.finish(handler);
  return result;
}

std::vector<std::string> lines_of(std::string_view bytes) {
  OutputLines lines(64);
  return lines_of(lines, bytes);
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("lines end with a newline or with the stream") {
  CHECK(lines_of("").empty());
  CHECK(lines_of("a") == Texts{"a"});
  CHECK(lines_of("a\n") == Texts{"a"});
  CHECK(lines_of("a\nb") == Texts{"a", "b"});
  CHECK(lines_of("\n\na\n") == Texts{"", "", "a"});
  CHECK(lines_of("a\r\nb\r\n") == Texts{"a", "b"});
}

TEST_CASE("of the segments between carriage returns the last one stands") {
  CHECK(lines_of("10%\r20%\r30%\n") == Texts{"30%"});
  CHECK(lines_of("\r10%\r20%\n") == Texts{"20%"});
  CHECK(lines_of("10%\r20%\r\n") == Texts{"20%"});
  CHECK(lines_of("10%\r\r\n") == Texts{"10%"});
  CHECK(lines_of("10%\r20%\r") == Texts{"20%"});
  CHECK(lines_of("10%\r20%") == Texts{"20%"});
  CHECK(lines_of("\r\n\r") == Texts{""});
  OutputLines lines(64);
  lines_of(lines, "1\r2\r3\r\n\r4\n");
  CHECK(lines.overwritten() == 2);
}

TEST_CASE("escape sequences are removed") {
  CHECK(lines_of("\x1b[31mloss=1\x1b[0m\n") == Texts{"loss=1"});
  CHECK(lines_of("\x1b[1;38;5;208mloss\x1b[m=1\n") == Texts{"loss=1"});
  CHECK(lines_of("\r\x1b[Kloss=1\n") == Texts{"loss=1"});
  CHECK(lines_of("\x1b]0;title\aloss=1\n") == Texts{"loss=1"});
  CHECK(lines_of("\x1b]8;;http://x\x1b\\loss\x1b]8;;\x1b\\=1\n") == Texts{"loss=1"});
  CHECK(lines_of("\x1b(Bloss\x1b"
                 "7=1\n") == Texts{"loss=1"});
  CHECK(lines_of("lo\x1b[3\x1b[1mss=1\n") == Texts{"loss=1"});
  // A broken one hides nothing of the next line.
  CHECK(lines_of("a\x1b[31\nloss=1\n") == Texts{"a", "loss=1"});
  CHECK(lines_of("a\x1b]never ended\nloss=1\n") == Texts{"a", "loss=1"});
  CHECK(lines_of("a\x1b") == Texts{"a"});
  CHECK(lines_of("a\x1b[31\rb\n") == Texts{"b"});
}

TEST_CASE("other bytes are kept as they are") {
  const std::string bytes("\xff\xfe\0\x08\x7f\t\xc3\xa4", 8);
  CHECK(lines_of(bytes + "\n") == Texts{bytes});
}

TEST_CASE("of an overlong line the head is kept and the rest counted") {
  OutputLines lines(4);
  bool cut = false;
  Texts texts;
  const auto handler = [&](const OutputLine& line) {
    cut = line.cut();
    texts.emplace_back(line.text);
  };
  const auto feed = [&](std::string_view bytes) {
    lines.feed(bytes, handler, [](std::string_view) { return false; });
  };
  feed("1234\n");
  CHECK_FALSE(cut);
  feed("123456\n");
  CHECK(cut);
  CHECK(lines.discarded_bytes() == 2);
  feed("1234");
  feed("\x1b[0m");
  feed("5");
  feed("\n");
  CHECK(cut);
  feed("123456789\rab\n");  // the overlong segment is overwritten
  CHECK_FALSE(cut);
  CHECK(texts == Texts{"1234", "1234", "1234", "ab"});
  CHECK(lines.cut_lines() == 2);
  CHECK(lines.discarded_bytes() == 8);
}

TEST_CASE("whole plain lines are offered as blocks, each line once") {
  OutputLines lines(64 * 1024);
  std::string all;
  std::size_t taken = 0;
  std::size_t offers = 0;
  const auto feed = [&](std::string_view bytes) {
    lines.feed(
        bytes, [&](const OutputLine& line) { all += line.with_newline; },
        [&](std::string_view block) {
          CHECK(block.back() == '\n');
          if (++offers % 2 == 0) return false;
          ++taken;
          all += block;
          return true;
        });
  };
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "line " + std::to_string(i) + "\n";
  feed(text);
  CHECK(all == text);
  CHECK(taken > 2);
  all.clear();
  offers = 0;
  feed("begin");
  feed(" end\nnext\n\x1b[0mcolour\n");
  CHECK(all == "begin end\nnext\ncolour\n");
  CHECK(offers == 0);
}

TEST_CASE("an exception of the handler leaves a fresh line behind") {
  OutputLines lines(64);
  const auto no_block = [](std::string_view) { return false; };
  const auto thrower = [](const OutputLine&) { throw 1; };
  CHECK_THROWS(lines.feed("a\x1b[0mb\nlost", thrower, no_block));
  Texts texts;
  lines.feed(
      "next\n", [&](const OutputLine& line) { texts.emplace_back(line.text); }, no_block);
  CHECK(texts == Texts{"next"});
}
