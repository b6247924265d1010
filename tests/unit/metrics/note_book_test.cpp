#include "metrics/note_book.hpp"

#include <string>

#include "support/catch.hpp"

using tunesmith::MetricNoteKind;
using tunesmith::NoteBook;

TEST_CASE("the first note of each kind and metric is kept and the others counted") {
  NoteBook book;
  for (std::uint64_t line = 1; line <= 3; ++line) {
    book.add({.kind = MetricNoteKind::unparsable, .metric = "a", .line = line, .words = "x"});
  }
  book.add({.kind = MetricNoteKind::corrected, .metric = "a", .line = 4});
  book.add({.kind = MetricNoteKind::unparsable, .metric = "b", .line = 5});
  REQUIRE(book.notes().size() == 3);
  CHECK(book.notes()[0].line == 1);
  CHECK(book.notes()[0].count == 3);
  CHECK(book.find(MetricNoteKind::unparsable, "b") == &book.notes()[2]);
  CHECK(book.find(MetricNoteKind::refused, "a") == nullptr);
}

TEST_CASE("the words of the kinds") {
  CHECK(std::string(to_string(MetricNoteKind::corrected)) == "corrected");
  CHECK(std::string(to_string(MetricNoteKind::non_finite)) == "non_finite");
  CHECK(std::string(to_string(MetricNoteKind::out_of_range)) == "out_of_range");
  CHECK(std::string(to_string(MetricNoteKind::unparsable)) == "unparsable");
  CHECK(std::string(to_string(MetricNoteKind::refused)) == "refused");
}
