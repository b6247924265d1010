#include "search/bayesian_record.hpp"

#include "core/random.hpp"
#include "support/catch.hpp"
#include "trial/view_data.hpp"
#include "unit/search/spaces.hpp"

using namespace tunesmith;

namespace {

/// A study whose pictures share the trials that did not change, as those of one log do.
class SharedTrials {
 public:
  explicit SharedTrials(Problem problem)
      : problem_(std::make_shared<const Problem>(std::move(problem))) {}

  TrialId begin(RandomStream& random) {
    std::vector<double> unit(problem_->space.dimension());
    for (double& u : unit) u = random.uniform();
    Trial trial;
    trial.id = static_cast<TrialId>(trials_.size());
    trial.configuration = problem_->space.decode(unit);
    trials_.push_back(std::make_shared<const Trial>(trial));
    return trial.id;
  }

  void change(TrialId id, TrialState state, std::optional<double> value = {}) {
    auto& place = trials_[static_cast<std::size_t>(id)];
    Trial trial = *place;
    trial.state = state;
    if (value) trial.metrics = {{problem_->objectives.front().metric, *value}};
    place = std::make_shared<const Trial>(std::move(trial));
  }

  TrialState state(TrialId id) const { return trials_[static_cast<std::size_t>(id)]->state; }
  std::size_t size() const { return trials_.size(); }

  StudyView view() {
    auto data = std::make_shared<StudyView::Data>();
    data->problem = problem_;
    data->prefix = ++prefix_;
    for (const auto& trial : trials_) data->trials.push_back(trial);
    return StudyView(data);
  }

 private:
  std::shared_ptr<const Problem> problem_;
  std::vector<std::shared_ptr<const Trial>> trials_;
  Sequence prefix_ = 0;
};

void check_equal(const BayesianRecord& record, const StudyView& view) {
  const TrialHistory fresh = read_history(view, FeatureEncoding(view.problem().space));
  CHECK(record.pending() == fresh.pending);
  REQUIRE(record.ended().size() == fresh.ended.size());
  for (std::size_t i = 0; i < fresh.ended.size(); ++i) {
    CHECK(record.ended()[i].point == fresh.ended[i].point);
    CHECK(record.ended()[i].failed == fresh.ended[i].failed);
    if (!fresh.ended[i].failed) CHECK(record.ended()[i].objectives == fresh.ended[i].objectives);
  }
}

}  // namespace

TEST_CASE("A record that follows a study holds what one read afresh does") {
  SharedTrials study(test::problem_of(test::mixed_space(), 3));
  RandomStream random(1, 0, "course of a study");
  BayesianRecord record(study.view());
  for (int step = 0; step < 150; ++step) {
    if (random.uniform() < 0.4 || study.size() == 0) {
      study.begin(random);
    } else {
      const auto id = static_cast<TrialId>(random.below(study.size()));
      const TrialState before = study.state(id);
      if (before != TrialState::running && before != TrialState::paused) continue;
      const double way = random.uniform();
      if (way < 0.5) {
        study.change(id, TrialState::completed, random.normal());
      } else if (way < 0.6) {
        study.change(id, TrialState::failed);
      } else if (way < 0.7) {
        study.change(id, TrialState::lost);
      } else if (way < 0.8) {
        study.change(id, TrialState::stopped);
      } else {
        study.change(id, before == TrialState::running ? TrialState::paused : TrialState::running);
      }
    }
    // Pictures between may never be seen.
    if (random.uniform() < 0.3) continue;
    const StudyView view = study.view();
    REQUIRE(record.follow(view));
    check_equal(record, view);
    const SeenSet seen = record.seen(view);
    for (std::size_t i = 0; i < view.size(); ++i)
      CHECK(seen.contains(view.trial(static_cast<TrialId>(i)).configuration));
  }
}

TEST_CASE("A record does not follow another study, nor the past of its own") {
  const Problem problem = test::problem_of(test::mixed_space(), 3);
  SharedTrials study(problem);
  SharedTrials other(problem);
  RandomStream random(1, 0, "course of a study");
  study.begin(random);
  const StudyView early = study.view();
  const TrialId id = study.begin(random);
  study.change(id, TrialState::completed, 1.0);
  for (int i = 0; i < 3; ++i) other.begin(random);
  BayesianRecord record(study.view());
  CHECK_FALSE(record.follow(other.view()));
  CHECK_FALSE(record.follow(early));
  study.change(id, TrialState::running);
  CHECK_FALSE(record.follow(study.view()));
}

TEST_CASE("A model is kept while trials run and nothing ends") {
  SharedTrials study(test::problem_of(test::mixed_space(), 3));
  RandomStream random(1, 0, "course of a study");
  for (int i = 0; i < 12; ++i) study.change(study.begin(random), TrialState::completed, i * i);
  BayesianRecord record(study.view());
  const auto fit = [&](std::string_view state) {
    return std::make_shared<const BayesianModel>(
        record.encoding(), TrialHistory{record.ended(), record.pending()}, state, 3, 12);
  };
  const auto model = fit("");
  record.keep(model);
  const std::string state = model->state();
  // With nothing pending, the next fit begins where this one ended and may get further.
  CHECK(record.model(state) == nullptr);
  const TrialId first = study.begin(random);
  REQUIRE(record.follow(study.view()));
  CHECK(record.model(state) == model);
  CHECK(fit(state)->state() == state);
  CHECK(record.model("") == nullptr);
  study.begin(random);
  study.change(first, TrialState::completed, 3.0);
  REQUIRE(record.follow(study.view()));
  CHECK(record.model(state) == nullptr);
}
