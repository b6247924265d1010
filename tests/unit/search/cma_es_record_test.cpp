#include "search/cma_es_record.hpp"

#include "search/evolution_record.hpp"
#include "search/id_ranges.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("Trials are written as ranges and read back") {
  for (const std::vector<TrialId>& ids :
       {std::vector<TrialId>{}, {0}, {3, 4, 5, 9}, {0, 2, 4}, {7, 8}}) {
    CHECK(ids_from_ranges(to_ranges(ids), 10) == ids);
  }
  CHECK(to_ranges({0, 1, 2, 5, 7, 8}) == "0-2 5 7-8");
  for (const char* text : {"3-", "-3", "5-4", "4 3", "3 3", "x", "1,2", "10", "8-10", "1  2 x"}) {
    INFO(text);
    CHECK_FALSE(ids_from_ranges(text, 10));
  }
}

TEST_CASE("What CMA-ES writes down is read back") {
  const CmaEsRecord plain{.generation = 3, .number = 41, .attempt = -1};
  CHECK(to_text(plain) == "cma 3 41 -1");
  const auto read = cma_es_record_from(to_text(plain), 42);
  REQUIRE(read);
  CHECK(read->generation == 3);
  CHECK(read->number == 41);
  CHECK(read->attempt == -1);
  CHECK_FALSE(read->made_from);

  CmaEsRecord first{.number = 7, .made_from = std::vector<TrialId>{}};
  CHECK(cma_es_record_from(to_text(first), 7)->made_from->empty());
  first.made_from = {0, 1, 2, 5};
  CHECK(to_text(first) == "cma 0 7 0 = 0-2 5");
  CHECK(cma_es_record_from(to_text(first), 7)->made_from == first.made_from);
  // It cannot have been made from trials that came later.
  CHECK_FALSE(cma_es_record_from(to_text(first), 5));
}

TEST_CASE("What others wrote down is no record of CMA-ES") {
  for (const char* text : {"", "12", "cma", "cma ", "cma 1", "cma 1 2", "cma 1 2 x", "cma 1 2 3 4",
                           "cma -1 2 0", "cma 1 -2 0", "cma 1 2 -2", "cma 1 2 3 = x", "{}"}) {
    INFO(text);
    CHECK_FALSE(cma_es_record_from(text, 100));
  }
}

TEST_CASE("What evolution writes down is read back, and nothing else") {
  const EvolutionRecord record{.parents = {1, 2, 6}, .pending = {8}};
  CHECK(to_text(record) == "evolution 1-2 6 / 8");
  const auto read = evolution_record_from(to_text(record), 9);
  REQUIRE(read);
  CHECK(read->parents == record.parents);
  CHECK(read->pending == record.pending);
  CHECK(evolution_record_from("evolution 4 / ", 9)->pending.empty());
  for (const char* text : {"", "evolution", "evolution 1", "evolution  / 1", "evolution 9 / ",
                           "evolution 1 / 9", "cma 1 2 3"}) {
    INFO(text);
    CHECK_FALSE(evolution_record_from(text, 9));
  }
}
