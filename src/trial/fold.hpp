#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "trial/event_json.hpp"
#include "trial/view_data.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// The state of a study as its log tells it. Not synchronised.
class StudyFold {
 public:
  explicit StudyFold(Problem problem);
  StudyFold(StudyFold&&) = default;
  StudyFold& operator=(StudyFold&&) = default;

  /// Takes the next event of the log. O(log n) in the reports of its trial, mostly O(1). Throws
  /// Error{store_corrupt} where no study writes such an event at this place; the fold is then
  /// unchanged.
  void apply(const StoredEvent& stored);

  const Problem& problem() const noexcept { return *problem_; }
  Sequence prefix() const noexcept { return now_->prefix; }
  /// Events so far that moves_generation() holds for.
  std::int64_t generation() const noexcept { return generation_; }
  const Budget& budget() const noexcept { return now_->budget; }
  std::size_t size() const noexcept { return now_->trials.size(); }
  /// The trial as it stands. Precondition: 0 ≤ id < size(). The reference lives until the next
  /// apply.
  const Trial& trial(TrialId id) const;
  std::int64_t count(TrialState state) const noexcept {
    return now_->counts[static_cast<std::size_t>(state)];
  }
  /// Trials that are not final, by id.
  const std::set<TrialId>& unfinished() const noexcept { return unfinished_; }
  bool is_unfinished(TrialId id) const noexcept;
  bool is_open(TrialId id, int attempt) const noexcept;
  bool is_paused(TrialId id) const noexcept;
  /// Whether a trial is paused or runs and may come to be.
  bool may_resume() const noexcept { return !may_pause_.empty() || count(TrialState::paused) > 0; }
  /// Configurations in line, the next one first.
  const std::deque<QueuedConfiguration>& queue() const noexcept { return queue_; }
  const std::optional<std::string>& stop_requested() const noexcept { return now_->stop; }
  bool stopped_by_rule() const noexcept { return now_->stopped_by_rule; }
  bool stop_requested(TrialId id) const noexcept;
  /// The words of the request; empty where there is none.
  std::string why_stopped(TrialId id) const;
  /// Whether the open attempt was asked to pause.
  bool pause_requested(TrialId id) const noexcept { return now_->pausing.contains(id); }
  std::string why_paused(TrialId id) const;
  /// The highest level that the trial's attempts before the last one reported.
  std::optional<double> reached(TrialId id) const;
  /// Whether the rule has said something about the trial, or just this about the whole study.
  bool noticed(const Notice& notice) const;
  int failures_in_a_row() const noexcept { return now_->failures_in_a_row; }
  Seconds active_time() const noexcept { return now_->active_time; }
  double total_cost() const noexcept { return now_->total_cost; }
  /// Time of the event up to which active_time() counts.
  Timestamp active_until() const noexcept { return active_until_; }
  /// The first objective's best value among feasible trials; a mean where they were repeated.
  std::optional<double> best_value() const noexcept { return best_value_; }

  /// What the problem's final rule takes from the trial's reports; empty where it finds nothing.
  Metrics reported_metrics(const Trial& trial) const;

  /// A picture of now, which later events leave alone. O(1). Where it is still held by the next
  /// event, that costs a copy of what was repeated, and the first change of each trial afterwards a
  /// copy of the trial and O(log n); events that find no picture held change things in place.
  StudyView snapshot() const;

 private:
  /// What pictures show; they share it until it changes.
  struct Picture : StudyView::Data {
    Picture() = default;
    Picture(const Picture& other) : StudyView::Data(other) {}
    /// Pictures that are held. Not left to use_count(), which says nothing about what readers in
    /// other threads have done.
    std::atomic<int> readers = 0;
  };
  struct Reader {
    explicit Reader(std::shared_ptr<Picture> the_picture) : picture(std::move(the_picture)) {
      picture->readers.fetch_add(1, std::memory_order_relaxed);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { picture->readers.fetch_sub(1, std::memory_order_release); }
    std::shared_ptr<Picture> picture;
  };
  /// An unfinished trial among those of `now_`; null: final.
  struct Live {
    Trial* trial = nullptr;
    /// Another one than the fold's: a picture may show it.
    std::uint64_t part = 0;
  };

  /// Before a change: pictures that are held keep what they show.
  void part_from_readers();
  [[noreturn]] static void fail(const StoredEvent& stored, const std::string& what);
  void check(const StoredEvent& stored) const;
  void suggest(const StoredEvent& stored);
  void enqueue(const StoredEvent& stored);
  void restart(const Event& event);
  void resume(const Event& event);
  void retire(const Event& event);
  void report(const Event& event);
  void finish(const Event& event);
  /// Takes the trial's costs so far into the total.
  void count_cost(const Trial& trial);
  /// The trial is final.
  void conclude(TrialId id, Metrics measured);
  void request_stop(const Event& event);
  void notice(const Event& event);
  void begin_session(const Event& event);
  /// After the trial became final.
  void update_best(TrialId id);
  void advance_active_time(const Event& event);
  /// For changing an unfinished trial.
  Trial& change(TrialId id);
  void set_state(Trial& trial, TrialState state);

  std::shared_ptr<const Problem> problem_;
  /// Never null.
  std::shared_ptr<Picture> now_;
  /// By trial.
  std::vector<Live> live_;
  /// Counts the times that the fold parted from its pictures.
  std::uint64_t part_ = 0;
  std::set<TrialId> unfinished_;
  /// Those that run or are preempted and will be paused if all goes well.
  std::set<TrialId> may_pause_;
  std::map<TrialId, double> reached_;
  /// What paused trials have added to the total.
  std::map<TrialId, double> counted_costs_;
  std::deque<QueuedConfiguration> queue_;
  /// Trial and rule, and the words where they are on the whole study.
  std::set<std::tuple<TrialId, std::string, std::string>> noticed_;
  /// Final metrics whose `finished` comes next.
  Metrics measured_;
  TrialId measured_trial_ = -1;
  std::int64_t generation_ = 0;
  bool session_ = false;
  Timestamp active_until_ = 0;
  std::optional<double> best_value_;
};

}  // namespace tunesmith
