#include "search/rung_record.hpp"

#include <algorithm>
#include <vector>

#include "core/random.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

TEST_CASE("The best of each eta are those that sorting finds, after any entries and withdrawals") {
  for (const auto rounding : {RungRecord::Rounding::up, RungRecord::Rounding::down}) {
    for (const std::int64_t eta : {2, 3, 4}) {
      RandomStream random(static_cast<std::uint64_t>(eta), 0, "rung record test");
      RungRecord record(eta, rounding);
      std::vector<RungRecord::Entry> all;
      std::vector<RungRecord::Entry> withdrawn;
      for (TrialId id = 0; id < 300; ++id) {
        if (!all.empty() && random.below(4) == 0) {
          const auto place = static_cast<std::ptrdiff_t>(random.below(all.size()));
          record.erase(all[static_cast<std::size_t>(place)]);
          withdrawn.push_back(all[static_cast<std::size_t>(place)]);
          all.erase(all.begin() + place);
        }
        if (!withdrawn.empty() && random.below(8) == 0) {
          all.push_back(withdrawn.back());
          record.insert(withdrawn.back());
          withdrawn.pop_back();
        }
        // Few values, so that there are many ties.
        all.emplace_back(static_cast<double>(random.below(40)), id);
        record.insert(all.back());
        std::vector<RungRecord::Entry> sorted = all;
        std::sort(sorted.begin(), sorted.end());
        const auto step = static_cast<std::size_t>(eta);
        const std::size_t best =
            (all.size() + (rounding == RungRecord::Rounding::up ? step - 1 : 0)) / step;
        REQUIRE(record.size() == all.size());
        REQUIRE(record.has_bar() == (best > 0));
        if (best > 0) REQUIRE(record.bar() == sorted[best - 1].first);
        for (std::size_t i = 0; i < sorted.size(); ++i)
          REQUIRE(record.is_among_best(sorted[i]) == (i < best));
      }
    }
  }
}
