#include "cli/text.hpp"

#include <limits>

#include "support/catch.hpp"

namespace tunesmith::cli {

TEST_CASE("text: what could move a cursor is written out") {
  CHECK(printable("plain äöü 漢字") == "plain äöü 漢字");
  CHECK(printable("a\nb\tc\r") == "a\\nb\\tc\\r");
  CHECK(printable("\x1b[31mred") == "\\x1b[31mred");
  CHECK(printable("\x7f") == "\\x7f");
  CHECK(printable("\xc2\x9b") == "\\x9b");                // CSI as one C1 character
  CHECK(printable("\xff\xc3") == "\\xff\\xc3");           // no UTF-8
  CHECK(printable("\xe2\x80\xae") == "\\u202e");          // right-to-left override
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
}

TEST_CASE("text: width counts columns, not bytes") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("äöü") == 3);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("e\xcc\x81") == 1);  // a combining accent
  CHECK(display_width("🙂") == 2);
}

TEST_CASE("text: truncation keeps whole characters within the width") {
  CHECK(truncated("abcdef", 6) == "abcdef");
  CHECK(truncated("abcdefg", 6) == "abcde…");
  CHECK(truncated("漢字漢字", 4) == "漢…");
  CHECK(truncated("abc", 0).empty());
  CHECK(truncated("abc", 1) == "…");
  for (int width = 0; width < 12; ++width)
    CHECK(display_width(truncated("a漢🙂é字xyz", width)) <= width);
}

TEST_CASE("text: cells are exactly as wide as asked for") {
  CHECK(padded("ab", 4) == "ab  ");
  CHECK(padded("ab", 4, true) == "  ab");
  CHECK(display_width(padded("漢字漢", 4)) == 4);
}

TEST_CASE("text: durations") {
  CHECK(duration_text(Seconds(0)) == "0:00");
  CHECK(duration_text(Seconds(67.9)) == "1:07");
  CHECK(duration_text(Seconds(3723)) == "1:02:03");
  CHECK(duration_text(Seconds(3 * 86400 + 4 * 3600)) == "3d 04h");
  CHECK(duration_text(Seconds(-3)) == "0:00");
}

TEST_CASE("text: short numbers") {
  CHECK(short_number(0.123456789) == "0.123457");
  CHECK(short_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(short_number(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("text: a command is split as a shell would, without a shell") {
  using Words = std::vector<std::string>;
  CHECK(split_command("python3 train.py") == Words{"python3", "train.py"});
  CHECK(split_command("  a\t b ") == Words{"a", "b"});
  CHECK(split_command("'a b' \"c \\\"d\\\" \\x\" e\\ f") == Words{"a b", "c \"d\" \\x", "e f"});
  CHECK(split_command("a''b ''") == Words{"ab", ""});
  CHECK(split_command("echo $HOME *") == Words{"echo", "$HOME", "*"});
  CHECK(split_command("") == Words{});
  CHECK_FALSE(split_command("'open"));
}

TEST_CASE("text: quoting is undone by splitting") {
  const std::vector<std::string> words = {"a", "", "it's", "$x `y` \"z\"", "a\\b", "ä b", "--x=-1"};
  CHECK(split_command(shell_quoted(words)) == words);
  CHECK(shell_quoted("--lr=0.1") == "--lr=0.1");
}

TEST_CASE("Texts of several lines are cut to one or kept below each other") {
  CHECK(first_line("no value\nline 1: x") == "no value");
  CHECK(first_line("a\tb") == "a\\tb");
  CHECK(printable_lines("no value\nline\t1\n\nend", "  ") == "no value\n  line\\t1\n  \n  end");
  CHECK(printable_lines("", "  ").empty());
}

}  // namespace tunesmith::cli
