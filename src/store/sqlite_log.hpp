#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite_file.hpp"
#include "tunesmith/store.hpp"

namespace tunesmith {

/// The logs in one SQLite file. Every row that is read is checked: events are chained by seals from
/// the study's identity to the last seal, which the study's row holds beside the length, so that a
/// changed, lost, added or moved row is an Error{store_corrupt}. Not synchronised.
class SqliteLog {
 public:
  SqliteLog(const std::string& path, Durability durability);

  const std::string& path() const noexcept { return connection_.path(); }

  OpenedStudy open_study(std::string_view name, std::string_view problem_json);
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after, std::size_t limit);
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition);
  Sequence length(StudyKey study);
  std::vector<StudyInfo> list();
  void remove(StudyKey study);

  /// Closing will leave the files as they are: somebody may want to look at them.
  void leave_journal() noexcept { connection_.leave_journal(); }

  /// Who drove the study last, as far as the file knows.
  std::string holder(StudyKey study);
  void set_holder(StudyKey study, std::string_view holder);

 private:
  /// The changing part of a study's row.
  struct Head {
    std::int64_t generation = 0;
    Sequence length = 0;
    std::uint64_t last_seal = 0;
    std::uint64_t identity = 0;
  };

  static std::uint64_t seal_of(StudyKey study, const Head& head);
  Head head(StudyKey study);
  void write_head(StudyKey study, const Head& head);
  bool holds(StudyKey study, const Head& head, const Precondition& precondition);
  void add_event(StudyKey study, const Event& event, Head& head);
  /// Holds the open attempts, which have no seals, against the events that say the same.
  void check_open_attempts(StudyKey study);
  OpenedStudy make_study(std::string_view name, std::string_view problem_json);
  /// Checks that no study is missing; the number of the last one made.
  StudyKey check_count();

  SqliteConnection connection_;
};

}  // namespace tunesmith
