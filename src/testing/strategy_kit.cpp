#include <algorithm>
#include <set>

#include "testing/checks.hpp"
#include "testing/patience.hpp"
#include "testing/strategy_cases.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith::testing {
namespace {

std::string place_of(const Transcript& transcript, const Question& question) {
  return transcript.of.name + ", " + std::to_string(question.view.size()) + " trials: ";
}

std::string shown(const Configuration& configuration) {
  std::string text = configuration.to_json();
  if (text.size() > 200) text = text.substr(0, 200) + "…";
  return text;
}

bool equal(const std::vector<Suggestion>& a, const std::vector<Suggestion>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Suggestion& x, const Suggestion& y) { return testing::equal(x, y); });
}

class Kit {
 public:
  Kit(Checks& checks, StrategyKit kit) : checks_(checks), kit_(std::move(kit)) {}

  void run() {
    for (const StrategyCase& one : strategy_cases()) record("bears " + one.name, one);
    check_answers();
    check_repetition();
    checks_.check("equal views give equal suggestions, also from a fresh instance",
                  [&] { check_determinism(); });
    check_in_studies(checks_, kit_);
    check_in_pieces(checks_, kit_);
    checks_.check("the order in which trials end does not matter", [&] { check_order(); });
    checks_.check("a finite space is worked through, then exhausted", [&] { check_exhaustion(); });
    checks_.check("what was enqueued is not proposed again", [&] { check_enqueued(); });
    checks_.check("bears a history of " + std::to_string(kit_.longest_history) + " trials",
                  [&] { check_long_history(); });
  }

 private:
  void record(const std::string& check, const StrategyCase& one) {
    checks_.check(check, [&] {
      Transcript& transcript = transcripts_.emplace_back(Transcript{.of = one});
      const int trials = std::max(6, static_cast<int>(kit_.trials * one.share));
      tune(*kit_.make(), trials, transcript);
      checks_.expect(transcript.refused || !transcript.questions.empty(), "nothing was asked");
      const bool left = !one.configurations || static_cast<int>(*one.configurations) > trials;
      checks_.expect(!transcript.exhausted || !left,
                     "says that no configuration is left, where there are more");
    });
  }

  template <typename Body>
  void each_answer(const Body& body) {
    for (const Transcript& transcript : transcripts_) {
      for (const Question& question : transcript.questions) body(transcript, question);
    }
  }

  void check_answers() {
    checks_.check("gives at most as many as asked for", [&] {
      each_answer([&](const Transcript& transcript, const Question& question) {
        checks_.expect(std::ssize(question.answer) <= question.count,
                       place_of(transcript, question) + "asked for " +
                           std::to_string(question.count) + ", gave " +
                           std::to_string(question.answer.size()));
      });
    });
    checks_.check("suggestions lie in the space and keep its constraints", [&] {
      each_answer([&](const Transcript& transcript, const Question& question) {
        for (const Suggestion& suggestion : question.answer) {
          checks_.expect(suggestion.until > 0,
                         place_of(transcript, question) + "runs up to a level that is not above 0");
          const auto mistakes = transcript.of.problem.space.check(suggestion.configuration);
          if (mistakes.empty()) continue;
          checks_.expect(false, place_of(transcript, question) + shown(suggestion.configuration) +
                                    ": " + mistakes[0].path + " " + mistakes[0].what);
        }
      });
    });
  }

  void check_repetition() {
    checks_.check("no configuration comes twice", [&] {
      each_answer([&](const Transcript& transcript, const Question& question) {
        std::set<std::string> seen;
        for (TrialId id = 0; id < static_cast<TrialId>(question.view.size()); ++id) {
          seen.insert(question.view.trial(id).configuration.to_json());
        }
        for (const Suggestion& suggestion : question.answer) {
          const bool is_new = seen.insert(suggestion.configuration.to_json()).second;
          checks_.expect(
              is_new != suggestion.replicate_of.has_value(),
              place_of(transcript, question) + shown(suggestion.configuration) +
                  (is_new ? " is new, but said to replicate a trial" : " was proposed before"));
        }
      });
    });
  }

  /// Suggestions recomputed from the views, as another process would recompute them from the log's
  /// prefix, and once more by an instance that has seen other things meanwhile.
  void check_determinism() {
    const auto used = kit_.make();
    for (const Transcript& transcript : transcripts_) {
      if (transcript.refused) continue;
      for (std::size_t i = 0; i < transcript.questions.size(); ++i) {
        const Question& question = transcript.questions[i];
        checks_.expect(equal(kit_.make()->suggest(question.view, question.count), question.answer),
                       place_of(transcript, question) + "a fresh instance answers differently");
        if (i % 4 != 0) continue;
        checks_.expect(equal(used->suggest(question.view, question.count), question.answer),
                       place_of(transcript, question) + "a used instance answers differently");
      }
    }
  }

  void check_order() {
    for (const StrategyCase& one : strategy_cases()) {
      if (one.share != 1 && one.parents.empty()) continue;
      TrialLog forwards(one.problem, one.parents);
      TrialLog backwards(one.problem, one.parents);
      if (!start(one, forwards, 8)) continue;
      for (TrialId id = 0; id < static_cast<TrialId>(forwards.size()); ++id) {
        const StudyView view = forwards.view();
        const Trial& trial = view.trial(id);
        backwards.add({.configuration = trial.configuration,
                       .until = trial.until,
                       .note = trial.note,
                       .state = trial.strategy_state,
                       .resumable = trial.resumable});
      }
      const auto end = [&](TrialLog& log, TrialId id) {
        const double loss = smooth_loss(one.problem.space, log.view().trial(id).configuration);
        log.end(id, id % 3 == 2 ? Outcome::failed : Outcome::completed,
                metrics_of(one.problem, loss));
      };
      const auto last = static_cast<TrialId>(forwards.size()) - 1;
      for (TrialId id = 0; id < last; ++id) end(forwards, id);
      for (TrialId id = last; id-- > 0;) end(backwards, id);
      checks_.expect(equal(kit_.make()->suggest(forwards.view(), 3),
                           kit_.make()->suggest(backwards.view(), 3)),
                     one.name + ": trials that end in another order give other suggestions");
    }
  }

  /// False: the strategy does not take this space.
  bool start(const StrategyCase& one, TrialLog& log, int trials) const {
    try {
      for (const Suggestion& suggestion : kit_.make()->suggest(log.view(), trials)) {
        if (!one.problem.space.check(suggestion.configuration).empty()) return false;
        log.add(suggestion);
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_space || one.configurations) throw;
    }
    return log.size() > 1;
  }

  void check_exhaustion() {
    for (const StrategyCase& one : finite_cases()) {
      Transcript transcript{.of = one};
      const auto all = static_cast<int>(*one.configurations);
      tune(*kit_.make(), all + 1, transcript);
      std::size_t proposed = 0;
      for (const Question& question : transcript.questions) proposed += question.answer.size();
      checks_.expect(proposed == *one.configurations && transcript.exhausted,
                     one.name + ": " + std::to_string(proposed) + " of " + std::to_string(all) +
                         " configurations were proposed" +
                         (transcript.exhausted ? "" : ", and exhaustion was not said"));
    }
  }

  void check_enqueued() {
    const StrategyCase one = finite_cases()[1];
    TrialLog log(one.problem);
    std::set<std::string> known;
    for (const std::int64_t d : {1, 2, 4, 6}) {
      const Configuration configuration{
          {"a", 0.25}, {"b", std::int64_t{4}}, {"c", std::string("only")}, {"d", d}};
      known.insert(configuration.to_json());
      log.add({.configuration = configuration}, d == 1 ? Origin::baseline : Origin::enqueued);
    }
    for (int i = 0; i < 2; ++i) {
      const auto answer = kit_.make()->suggest(log.view(), 1);
      if (!checks_.expect(answer.size() == 1,
                          "two of six configurations are left, and nothing "
                          "is proposed")) {
        return;
      }
      checks_.expect(known.insert(answer[0].configuration.to_json()).second,
                     shown(answer[0].configuration) + " was there already");
      log.end(log.add(answer[0]), Outcome::completed, {{"loss", 1}});
    }
    checks_.expect(kit_.make()->suggest(log.view(), 1).empty(),
                   "all six are known, and something is proposed");
  }

  void check_long_history() {
    const StrategyCase one = strategy_cases()[0];
    TrialLog log(one.problem);
    if (!start(one, log, 2)) return;
    for (int i = static_cast<int>(log.size()); i < kit_.longest_history; ++i) {
      const Configuration configuration =
          random_configuration(one.problem.space, static_cast<std::uint64_t>(i));
      const TrialId id = log.add({.configuration = configuration}, Origin::enqueued);
      log.end(id, Outcome::completed,
              metrics_of(one.problem, smooth_loss(one.problem.space, configuration)));
    }
    Transcript transcript{.of = one};
    transcript.questions.push_back(
        {.view = log.view(), .count = 2, .answer = kit_.make()->suggest(log.view(), 2)});
    const Question& question = transcript.questions[0];
    checks_.expect(question.answer.size() == 2,
                   "asked for 2, gave " + std::to_string(question.answer.size()));
    for (const Suggestion& suggestion : question.answer) {
      checks_.expect(one.problem.space.check(suggestion.configuration).empty(),
                     shown(suggestion.configuration) + " is none of the space's");
    }
    checks_.expect(equal(kit_.make()->suggest(log.view(), 2), question.answer),
                   "asked again, a fresh instance answers differently");
  }

  Checks& checks_;
  const StrategyKit kit_;
  std::vector<Transcript> transcripts_;
};

}  // namespace

Conformance check_strategy(const StrategyKit& kit) {
  Checks checks;
  const auto caller = std::make_shared<PatientCaller>(kit.patience);
  Kit(checks, patient(kit, caller)).run();
  check_all_gone(checks, *caller);
  return std::move(checks).result();
}

}  // namespace tunesmith::testing
