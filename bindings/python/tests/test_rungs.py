"""Schedulers, and trials that run in pieces: through ask, report and tell, and on an executor written in Python."""

import json
import threading

import pytest
import tunesmith
from test_executor import Threads, line, study_of

LEVELS = 9


def value_at(run, level):
    """Curves that never cross: the smaller x, the better."""
    return run.params["x"] + 1 / level


@pytest.mark.parametrize("name", ["asha", "multi_fidelity", "hyperband", "successive_halving", "pasha"])
def test_a_factory_makes_what_its_name_says(name):
    factory = getattr(tunesmith, name + "_search")
    assert factory().name() == name
    assert factory(max_resource=LEVELS, eta=2, searcher=tunesmith.sobol_search()).name() == name
    with pytest.raises(tunesmith.Error) as refused:
        factory(min_resource=0, eta=1)
    assert {mistake.path for mistake in refused.value.mistakes} == {"/min_resource", "/eta"}
    with pytest.raises(TypeError, match="SearchStrategy"):
        factory(searcher="random")


def test_asha_has_two_types():
    assert tunesmith.asha_search(type="promotion", max_resource=9).name() == "asha"
    with pytest.raises(ValueError, match="stopping"):
        tunesmith.asha_search(type="waiting")


def test_rung_arithmetic_is_exact():
    assert tunesmith.rung_levels(max_resource=243) == [1, 3, 9, 27, 81, 243]
    assert tunesmith.rung_levels(min_resource=2, max_resource=17, eta=2) == [2, 4, 8, 16, 17]
    assert tunesmith.hyperband_brackets(max_resource=4, eta=2)[0] == [(1, 4), (2, 2), (4, 1)]
    assert tunesmith.infer_epochs({"epochs": '"3"', "n_epochs": "9"}) == ("epochs", 3)
    assert tunesmith.infer_epochs({"lr": "3"}) is None
    with pytest.raises(tunesmith.Error, match="max_resource"):
        tunesmith.rung_levels(min_resource=3, max_resource=2)


def drive(study, asks, levels):
    """One worker, that goes on where a trial was; adds what it reports to `levels`. The pieces by trial."""
    pieces = {}
    for _ in range(asks):
        run = study.ask()
        if not run:
            break
        done = levels.setdefault(run.number, [])
        pieces.setdefault(run.number, []).append((run.attempt, run.until))
        outcome = None
        while outcome is None and len(done) < LEVELS:
            done.append(len(done) + 1)
            decision = study.report(run, done[-1], value_at(run, done[-1]))
            outcome = {"keep_going": None, "pause": "paused", "stop": "stopped"}[decision]
        study.tell(run, tunesmith.TrialResult(outcome, "as asked") if outcome else None)
    return pieces


def test_hyperband_through_ask_report_and_tell_pauses_and_resumes():
    study = tunesmith.Study("s", line(), metric="loss", search=tunesmith.hyperband_search(max_resource=LEVELS))
    levels = {}
    pieces = drive(study, 13, levels)  # the first bracket: 9 trials to level 1, 3 to 3, 1 to 9
    ends = sorted(len(done) for done in levels.values())
    assert ends == [1] * 6 + [3] * 2 + [9]
    best = min(study.trials, key=lambda trial: trial.params["x"])
    assert pieces[best.number] == [(1, 1), (2, 3), (3, 9)]
    assert best.state == "completed" and [report[0] for report in best.reports] == list(range(1, 10))
    # Nobody waits for the others any more.
    assert sorted(study.take_retired()) == sorted(number for number in levels if number != best.number)
    assert study.take_retired() == []
    assert {trial.state for trial in study.trials if trial.number != best.number} == {"stopped"}


def test_trials_are_resumed_over_restarts_as_without_them(tmp_path):
    def open_study(store):
        search = tunesmith.asha_search(type="promotion", max_resource=LEVELS)
        return tunesmith.Study("s", line(), metric="loss", search=search, store=store)

    whole, cut = {}, {}
    pieces = drive(open_study("memory:"), 30, whole)
    assert any(len(piece) == 3 for piece in pieces.values())
    for asks in (7, 8, 15):
        drive(open_study(f"sqlite:{tmp_path}/s.db"), asks, cut)
    assert cut == whole


class Pieces(Threads):
    """Trains from where the trial was paused; what it keeps of a trial goes when the trial is retired."""

    def __init__(self):
        super().__init__(slots=3)
        self.lock = threading.Lock()
        self.trained, self.kept, self.retired, self.asked = {}, {}, [], []

    def train(self, run, reporter, stop):
        level = self.kept.get(run.number, 0)
        outcome = None
        while outcome is None and level < LEVELS:
            level += 1
            with self.lock:
                self.trained.setdefault(run.number, []).append(level)
            self.kept[run.number] = level
            decision = reporter.report(level, value_at(run, level))
            outcome = {"keep_going": None, "pause": "paused", "stop": "stopped"}[decision]
        reporter.finish(tunesmith.TrialResult(outcome, "as asked") if outcome else value_at(run, level))

    def request_pause(self, run):
        self.asked.append(run.number)

    def retire(self, number):
        self.retired.append(number)
        self.kept.pop(number)


def test_hyperband_on_an_executor_of_ones_own_loses_and_repeats_no_level():
    executor = Pieces()
    study = study_of(strategy=None, search=tunesmith.hyperband_search(max_resource=LEVELS))
    view = tunesmith.Tuner(study, executor, max_trials=30).run().view
    for number, levels in executor.trained.items():
        assert levels == list(range(1, len(levels) + 1))
        assert len(view.trials[number].reports) == len(levels)
    resumed = [trial for trial in view.trials if trial.attempt > 1]
    assert resumed and any(trial.state == "completed" for trial in resumed)
    stopped = [trial.number for trial in view.trials if trial.state == "stopped"]
    assert sorted(executor.retired) == stopped and not set(stopped) & set(executor.kept)


def test_an_executor_is_asked_to_pause_what_need_not_report():
    class PauseTheFirst(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            if any(trial.state == "paused" for trial in view.trials):
                return [tunesmith.Suggestion(resume=0, until=float("inf"))]
            return [tunesmith.Suggestion({"x": 0.5})] if len(view) == 0 else []

        def on_events(self, view, news):
            return [
                tunesmith.Action("pause_trial", trial=0, reason="once")
                for stored in news
                if stored.event.kind == "reported" and stored.event.resource == 1
            ]

    class Silent(Pieces):
        def train(self, run, reporter, stop):
            if run.attempt == 1:
                reporter.report(1, 0.5)
                assert stop.wait(10), "nobody asked to pause"
                reporter.finish(tunesmith.TrialResult("paused", "as asked"))
            else:
                reporter.finish(0.25)

        def request_pause(self, run):
            super().request_pause(run)
            self.running[run.number, run.attempt][1].set()

    executor = Silent()
    study = study_of(strategy=None, search=PauseTheFirst())
    trial = tunesmith.Tuner(study, executor, max_trials=1).run().view.trials[0]
    assert set(executor.asked) == {0}  # more than once where it does not end at once
    assert (trial.state, trial.attempt, trial.value) == ("completed", 2, 0.25)


class Tells(tunesmith.StoppingRule):
    def name(self):
        return "tells"

    def on_events(self, view, news):
        return [
            tunesmith.Action("notify", trial=stored.event.trial, reason="it reported")
            for stored in news
            if stored.event.kind == "reported" and stored.event.trial < 2
        ]


def test_notices_are_handed_over_and_end_the_report():
    heard = []
    study = study_of(stopping_rules=[Tells()])
    result = tunesmith.Tuner(study, Threads(), max_trials=4, on_notice=heard.append).run()
    assert sorted((notice.trial, notice.rule, notice.message) for notice in heard) == [
        (0, "tells", "it reported"),
        (1, "tells", "it reported"),
    ]
    assert "Noticed:\n" in result.report() and "  trial 1: tells: it reported\n" in result.report()


def test_what_on_notice_raises_is_raised_by_run():
    def broken(notice):
        raise LookupError("cannot tell")

    with pytest.raises(LookupError, match="cannot tell"):
        tunesmith.Tuner(study_of(stopping_rules=[Tells()]), Threads(), max_trials=4, on_notice=broken).run()


def test_a_job_tells_what_its_self_check_measures(tmp_path):
    job = tunesmith.load_job(json.dumps({
        "name": "checked",
        "command": ["sh", "-c", "for i in 1 2 3; do echo loss=$2; done", "sh"],
        "parameters": {"n": {"type": "int", "min": 1, "max": 4}},
        "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
        "objective": {"metric": "loss"},
        "strategy": "grid",
        "stopping_rules": [{"name": "median", "min_trials": 1}],
        "self_check": {"share": 1},
    }))
    job.folder = tmp_path
    heard = []
    study, tuner = tunesmith.open_job(job, "memory:", on_notice=heard.append)
    tuner.run()
    assert [notice.trial for notice in heard] == [1, 2, 3]
    assert [notice.message for notice in heard] == [notice.message for notice in study.view().notices]
    assert "0 of 3 that ran on became the best" in heard[-1].message
