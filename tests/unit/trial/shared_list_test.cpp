#include "trial/shared_list.hpp"

#include <memory>
#include <vector>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

using List = SharedList<std::shared_ptr<const std::size_t>>;

std::shared_ptr<const std::size_t> number(std::size_t value) {
  return std::make_shared<const std::size_t>(value);
}

}  // namespace

TEST_CASE("A copy of a list stays as it was while the list goes on") {
  // A block, two levels of blocks, three.
  const std::size_t size = GENERATE(1, 64, 65, 100, 4096, 4097, 5000);
  CAPTURE(size);
  List list;
  CHECK(list.empty());
  for (std::size_t i = 0; i < size; ++i) list.push_back(number(i));
  const List copy = list;
  list.part();
  const std::size_t* kept = list[size - 1].get();
  list.set(0, nullptr);
  list.set(size / 2, number(7000));
  const bool replaced = size / 2 == size - 1;
  for (std::size_t i = size; i < 2 * size; ++i) list.push_back(number(i));

  REQUIRE(copy.size() == size);
  for (std::size_t i = 0; i < size; ++i) REQUIRE(*copy[i] == i);
  REQUIRE(list.size() == 2 * size);
  CHECK((list[0] == nullptr) == (size > 1));
  CHECK(*list[size / 2] == 7000);
  CHECK((list[size - 1].get() == kept) == !replaced);
  CHECK(*list[2 * size - 1] == 2 * size - 1);
}

TEST_CASE("Each of several copies of a list shows its own time") {
  List list;
  std::vector<List> copies;
  for (std::size_t i = 0; i < 4200; ++i) {
    list.push_back(nullptr);
    copies.push_back(list);
    list.part();
    list.set(i, number(i));
  }
  for (std::size_t i = 0; i < copies.size(); ++i) {
    REQUIRE(copies[i].size() == i + 1);
    REQUIRE(copies[i][i] == nullptr);
    if (i > 0) REQUIRE(*copies[i][i - 1] == i - 1);
  }
}

TEST_CASE("A list that nobody copied is changed in place") {
  SharedList<std::size_t> list;
  for (std::size_t i = 0; i < 200; ++i) list.push_back(i);
  const std::size_t* place = &list[130];
  list.set(130, 1);
  CHECK(&list[130] == place);
  CHECK(*place == 1);
  list.part();
  list.set(130, 2);
  CHECK(&list[130] != place);
  place = &list[130];
  list.set(131, 3);
  CHECK(&list[130] == place);
}
