// Implementations that never come back: each kit says so and comes to its end.
#include <chrono>
#include <thread>

#include "conformance/broken.hpp"
#include "tunesmith/error.hpp"

using namespace tunesmith;

namespace {

constexpr Seconds patience(0.2);

void hang() { std::this_thread::sleep_for(std::chrono::hours(1)); }

struct HangingSearch final : SearchStrategy {
  std::string name() const override { return "hanging"; }
  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    if (view.problem().space.dimension() > 64) hang();
    return random_search()->suggest(view, count);
  }
};

struct HangingRule final : StoppingRule {
  std::string name() const override { return "hanging"; }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent>) override {
    if (view.count(TrialState::failed) > 0) hang();
    return {};
  }
};

/// Passes everything on to a store in memory, but for one call.
struct HangingStore final : Store {
  explicit HangingStore(std::string the_call) : call(std::move(the_call)) {}
  ~HangingStore() override { hang_in("destructor"); }
  void hang_in(const std::string& name) const {
    if (name == call) hang();
  }
  OpenedStudy open_study(std::string_view name, std::string_view problem) override {
    return inner->open_study(name, problem);
  }
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    return inner->events_since(study, after, limit);
  }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    if (events.empty()) hang_in("an append of nothing");
    return inner->append(study, events, precondition);
  }
  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    return inner->lease(study, owner, ttl);
  }
  void release(StudyKey study, std::string_view owner) override {
    hang_in("release");
    inner->release(study, owner);
  }
  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    inner->wait(study, after, timeout);
  }
  std::vector<StudyInfo> list() override { return inner->list(); }
  void remove(StudyKey study) override { inner->remove(study); }

  std::string call;
  std::shared_ptr<Store> inner = open_store("memory:");
};

testing::Conformance check_hanging_store(const std::string& call) {
  return testing::check_store(
      {.make = [call] { return std::make_shared<HangingStore>(call); }, .patience = patience});
}

}  // namespace

TEST_CASE("hanging: a call that does not come back is a broken promise, and the kit goes on") {
  const auto strategy =
      testing::check_strategy({.make = [] { return std::make_shared<HangingSearch>(); },
                               .longest_history = 100,
                               .patience = patience});
  CHECK(caught(strategy, "bears 100 parameters"));
  CHECK_FALSE(caught(strategy, "bears values up to 1e300"));
  CHECK_FALSE(caught(strategy, "what was enqueued is not proposed again"));
  CHECK(caught(testing::check_stopping_rule(
                   {.make = [] { return std::make_shared<HangingRule>(); }, .patience = patience}),
               "bears crooked courses"));
  const auto store = check_hanging_store("release");
  CHECK(caught(store, "one tuner at a time"));
  CHECK_FALSE(caught(store, "names are data"));
  CHECK(caught(check_hanging_store("an append of nothing"),
               "every event that moves the generation counts"));
}

TEST_CASE("hanging: a destructor that does not come back is a broken promise") {
  CHECK(caught(check_hanging_store("destructor"), "its destructor comes back"));
}

TEST_CASE("a kit without anything to check says so") {
  CHECK_THROWS_AS(testing::check_strategy({}), Error);
  CHECK_THROWS_AS(testing::check_stopping_rule({}), Error);
  CHECK_THROWS_AS(testing::check_executor({}), Error);
  CHECK_THROWS_AS(testing::check_store({}), Error);
  CHECK_FALSE(testing::check_strategy({.make = [] { return nullptr; }}).holds());
  CHECK_FALSE(testing::check_stopping_rule({.make = [] { return nullptr; }}).holds());
  CHECK_FALSE(testing::check_executor({.make = [](int) { return nullptr; }}).holds());
  CHECK_FALSE(testing::check_store({.make = [] { return nullptr; }}).holds());
}
