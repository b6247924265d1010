#include "store/sqlite_log.hpp"

#include <optional>
#include <utility>

#include "store/seal.hpp"

namespace tunesmith {
namespace {

using Kind = SqliteTransaction::Kind;

std::uint64_t identity_of(StudyKey study, std::string_view name, std::string_view problem_json) {
  return Seal().add(study).add(name).add(problem_json).value();
}

std::int64_t stored(std::uint64_t seal) { return static_cast<std::int64_t>(seal); }

}  // namespace

SqliteLog::SqliteLog(const std::string& path, Durability durability)
    : connection_(open_sqlite_file(path, durability)) {}

std::uint64_t SqliteLog::seal_of(StudyKey study, const Head& head) {
  return Seal(head.identity)
      .add(study)
      .add(head.generation)
      .add(head.length)
      .add(head.last_seal)
      .value();
}

SqliteLog::Head SqliteLog::head(StudyKey study) {
  SqliteQuery query(connection_,
                    "SELECT generation, events, last_seal, identity, seal FROM studies "
                    "WHERE study=?1");
  query.bind(study);
  if (!query.step()) {
    throw Error(ErrorCode::invalid_argument, "there is no study with key " + std::to_string(study) +
                                                 " in store \"" + path() + "\"");
  }
  Head head;
  head.generation = query.integer();
  head.length = query.integer();
  head.last_seal = static_cast<std::uint64_t>(query.integer());
  head.identity = static_cast<std::uint64_t>(query.integer());
  if (stored(seal_of(study, head)) != query.integer()) {
    connection_.fail_corrupt("the row of study " + std::to_string(study) + " was changed");
  }
  return head;
}

void SqliteLog::write_head(StudyKey study, const Head& head) {
  SqliteQuery(connection_,
              "UPDATE studies SET generation=?1, events=?2, last_seal=?3, seal=?4 WHERE study=?5")
      .bind(head.generation)
      .bind(head.length)
      .bind(stored(head.last_seal))
      .bind(stored(seal_of(study, head)))
      .bind(study)
      .run();
}

Sequence SqliteLog::length(StudyKey study) { return head(study).length; }

StudyKey SqliteLog::check_count() {
  std::int64_t count = 0;
  {
    SqliteQuery query(connection_, "SELECT count(*) FROM studies");
    query.step();
    count = query.integer();
  }
  SqliteQuery query(connection_, "SELECT last_study, studies FROM stores WHERE id=1");
  if (!query.step()) connection_.fail_corrupt("its own row is missing");
  const StudyKey last = query.integer();
  if (query.integer() != count) connection_.fail_corrupt("a study is missing");
  return last;
}

OpenedStudy SqliteLog::open_study(std::string_view name, std::string_view problem_json) {
  for (const bool make : {false, true}) {
    SqliteTransaction transaction(connection_, make ? Kind::write : Kind::read);
    // Every row is looked at: one with a damaged name is no reason to make its study a second time.
    std::optional<OpenedStudy> found;
    SqliteQuery query(connection_, "SELECT study, name, problem, identity FROM studies");
    while (query.step()) {
      const StudyKey study = query.integer();
      const std::string its_name = query.text();
      std::string its_problem = query.text();
      if (stored(identity_of(study, its_name, its_problem)) != query.integer()) {
        connection_.fail_corrupt("the name or problem of study " + std::to_string(study) +
                                 " was changed");
      }
      if (its_name == name) found = OpenedStudy{study, false, std::move(its_problem)};
    }
    if (found) {
      head(found->key);
      check_open_attempts(found->key);
      return *found;
    }
    check_count();
    if (problem_json.empty()) break;
    if (!make) continue;
    OpenedStudy made = make_study(name, problem_json);
    transaction.commit();
    return made;
  }
  throw Error(ErrorCode::invalid_argument,
              "there is no study \"" + std::string(name) + "\" in store \"" + path() + "\"");
}

void SqliteLog::check_open_attempts(StudyKey study) {
  using Attempts = std::map<TrialId, std::int64_t>;
  Attempts open;
  SqliteQuery events(connection_,
                     "SELECT kind, trial, attempt FROM events WHERE study=?1 ORDER BY sequence");
  events.bind(study);
  while (events.step()) {
    const auto kind = static_cast<EventKind>(events.integer());
    const TrialId trial = events.integer();
    const std::int64_t attempt = events.integer();
    if (opens_attempt(kind)) open[trial] = attempt;
    if (kind == EventKind::finished) open.erase(trial);
  }
  // All rows, because a search relies on their order, which damage may have broken.
  Attempts recorded;
  std::pair<StudyKey, TrialId> last = {0, -1};
  bool in_order = true;
  SqliteQuery rows(connection_, "SELECT study, trial, attempt FROM open_attempts");
  while (rows.step()) {
    const StudyKey its_study = rows.integer();
    const TrialId trial = rows.integer();
    const std::pair key = {its_study, trial};
    in_order = in_order && last < key;
    last = key;
    if (its_study == study) recorded[trial] = rows.integer();
  }
  if (!in_order || recorded != open)
    connection_.fail_corrupt("the open attempts of study " + std::to_string(study) +
                             " are not those of its log");
}

OpenedStudy SqliteLog::make_study(std::string_view name, std::string_view problem_json) {
  const StudyKey study = check_count() + 1;
  Head head;
  head.identity = identity_of(study, name, problem_json);
  head.last_seal = head.identity;
  SqliteQuery(connection_,
              "INSERT INTO studies(study, name, problem, identity, holder) VALUES(?1,?2,?3,?4,'')")
      .bind(study)
      .bind(name)
      .bind(problem_json)
      .bind(stored(head.identity))
      .run();
  write_head(study, head);
  SqliteQuery(connection_, "UPDATE stores SET last_study=?1, studies=studies+1 WHERE id=1")
      .bind(study)
      .run();
  return {study, true, std::string(problem_json)};
}

std::vector<StoredEvent> SqliteLog::events_since(StudyKey study, Sequence after,
                                                 std::size_t limit) {
  const SqliteTransaction transaction(connection_, Kind::read);
  const Head head = this->head(study);
  std::vector<StoredEvent> events;
  if (after > head.length || limit == 0) return events;

  const auto left = static_cast<std::size_t>(head.length - after);
  const std::size_t wanted = std::min(limit, left);
  const bool to_the_end = wanted == left;
  events.reserve(wanted);
  // The event before the first is read for its seal, from which the others follow.
  Sequence expected = after == 0 ? 1 : after;
  std::uint64_t seal = head.identity;
  SqliteQuery query(connection_,
                    "SELECT sequence, kind, trial, attempt, resource, value, time, metric, "
                    "payload, seal FROM events WHERE study=?1 AND sequence>=?2 "
                    "ORDER BY sequence LIMIT ?3");
  // One more than there should be at the end: the study's row may be older than the events.
  const std::size_t rows = (after == 0 ? 0 : 1) + wanted + (to_the_end ? 1 : 0);
  query.bind(study).bind(expected).bind(static_cast<std::int64_t>(rows));
  for (; query.step(); ++expected) {
    StoredEvent stored_event;
    Event& event = stored_event.event;
    stored_event.sequence = query.integer();
    const std::int64_t kind = query.integer();
    event.kind = static_cast<EventKind>(kind);
    event.trial = query.integer();
    const std::int64_t attempt = query.integer();
    event.attempt = static_cast<int>(attempt);
    event.resource = query.real();
    event.value = query.real();
    event.time = query.real();
    event.metric = query.text();
    event.payload = query.text();
    const auto its_seal = static_cast<std::uint64_t>(query.integer());
    const bool before_first = stored_event.sequence == after;
    if (!before_first) seal = Seal(seal).add(event).value();
    const bool fits = static_cast<std::int64_t>(event.kind) == kind && event.attempt == attempt;
    if (stored_event.sequence != expected || !fits || (!before_first && seal != its_seal)) {
      connection_.fail_corrupt("event " + std::to_string(expected) + " of study " +
                               std::to_string(study) + " was changed or lost");
    }
    seal = its_seal;
    if (!before_first) events.push_back(std::move(stored_event));
  }
  if (events.size() != wanted || (to_the_end && seal != head.last_seal)) {
    connection_.fail_corrupt("the log of study " + std::to_string(study) +
                             " does not end with event " + std::to_string(head.length));
  }
  return events;
}

bool SqliteLog::holds(StudyKey study, const Head& head, const Precondition& precondition) {
  switch (precondition.kind) {
    case Precondition::Kind::none:
      return true;
    case Precondition::Kind::generation:
      return head.generation == precondition.generation;
    case Precondition::Kind::attempt_open:
      break;
  }
  SqliteQuery query(connection_, "SELECT attempt FROM open_attempts WHERE study=?1 AND trial=?2");
  query.bind(study).bind(precondition.trial);
  return query.step() && query.integer() == precondition.attempt;
}

AppendResult SqliteLog::append(StudyKey study, std::span<const Event> events,
                               const Precondition& precondition) {
  SqliteTransaction transaction(connection_, Kind::write);
  Head head = this->head(study);
  if (!holds(study, head, precondition)) {
    return {precondition.kind == Precondition::Kind::generation ? AppendResult::Status::stale
                                                                : AppendResult::Status::fenced,
            0, head.generation};
  }
  const Sequence first = head.length + 1;
  for (const Event& event : events) add_event(study, event, head);
  write_head(study, head);
  transaction.commit();
  return {AppendResult::Status::ok, first, head.generation};
}

void SqliteLog::add_event(StudyKey study, const Event& event, Head& head) {
  head.last_seal = Seal(head.last_seal).add(event).value();
  ++head.length;
  if (moves_generation(event.kind)) ++head.generation;
  SqliteQuery(connection_, "INSERT INTO events VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")
      .bind(study)
      .bind(head.length)
      .bind(static_cast<std::int64_t>(event.kind))
      .bind(event.trial)
      .bind(static_cast<std::int64_t>(event.attempt))
      .bind(event.resource)
      .bind(event.value)
      .bind(event.time)
      .bind(event.metric)
      .bind(event.payload)
      .bind(stored(head.last_seal))
      .run();
  if (opens_attempt(event.kind)) {
    SqliteQuery(connection_, "INSERT OR REPLACE INTO open_attempts VALUES(?1,?2,?3)")
        .bind(study)
        .bind(event.trial)
        .bind(static_cast<std::int64_t>(event.attempt))
        .run();
  } else if (event.kind == EventKind::finished) {
    SqliteQuery(connection_, "DELETE FROM open_attempts WHERE study=?1 AND trial=?2")
        .bind(study)
        .bind(event.trial)
        .run();
  }
}

std::vector<StudyInfo> SqliteLog::list() {
  const SqliteTransaction transaction(connection_, Kind::read);
  check_count();
  std::vector<StudyInfo> studies;
  SqliteQuery query(connection_, "SELECT study, name, events, holder FROM studies ORDER BY study");
  while (query.step()) {
    StudyInfo& info = studies.emplace_back();
    info.key = query.integer();
    info.name = query.text();
    info.events = query.integer();
    info.holder = query.text();
  }
  for (const StudyInfo& info : studies) head(info.key);
  return studies;
}

void SqliteLog::remove(StudyKey study) {
  SqliteTransaction transaction(connection_, Kind::write);
  head(study);
  SqliteQuery(connection_, "DELETE FROM events WHERE study=?1").bind(study).run();
  SqliteQuery(connection_, "DELETE FROM open_attempts WHERE study=?1").bind(study).run();
  SqliteQuery(connection_, "DELETE FROM studies WHERE study=?1").bind(study).run();
  SqliteQuery(connection_, "UPDATE stores SET studies=studies-1 WHERE id=1").run();
  transaction.commit();
}

std::string SqliteLog::holder(StudyKey study) {
  head(study);
  SqliteQuery query(connection_, "SELECT holder FROM studies WHERE study=?1");
  query.bind(study);
  return query.step() ? query.text() : "";
}

void SqliteLog::set_holder(StudyKey study, std::string_view holder) {
  SqliteQuery(connection_, "UPDATE studies SET holder=?1 WHERE study=?2")
      .bind(holder)
      .bind(study)
      .run();
}

}  // namespace tunesmith
