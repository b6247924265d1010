import inspect
import json
import math

import pytest
import tunesmith


def study_of(*rules, **arguments):
    space = tunesmith.Space().add_float("x", 0, 1)
    return tunesmith.Study("s", space, metric="loss", strategy="random", stopping_rules=rules, **arguments)


class Cap(tunesmith.StoppingRule):
    """Stops a trial whose loss goes above 1, and everything above 10."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def on_events(self, view, news):
        actions = []
        for stored in news:
            event = stored.event
            self.heard.append(stored.sequence)
            if event.kind == "reported" and event.metric == "loss" and event.value > 10:
                actions.append(tunesmith.Action("stop_study", reason="it explodes"))
            elif event.kind == "reported" and event.value > 1:
                actions.append(tunesmith.Action("stop_trial", trial=event.trial, reason=f"loss {event.value} > 1"))
        return actions


def test_a_rule_of_ones_own_stops_trials_and_studies():
    rule = Cap()
    study = study_of(rule)
    first, second = study.ask(), study.ask()
    assert study.report(first, 1, 0.5) == "keep_going"
    assert study.report(first, 2, 1.5) == "stop"
    assert study.report(second, 1, 0.9) == "keep_going"
    assert study.view().stop_requested(0) and not study.view().stop_requested(1)
    assert study.report(second, 2, 11) == "stop"
    assert study.view().stop_requested() == "Cap: it explodes"
    assert study.ask() is None and study.nothing_now == "budget_spent"
    assert rule.heard == list(range(1, len(rule.heard) + 1))


def test_a_tuner_obeys_it():
    def objective(run, reporter):
        for level in range(1, 100):
            if reporter.report(level, level * run.params["x"]) == "stop":
                return

    study = study_of(Cap())
    result = tunesmith.Tuner(study, tunesmith.thread_pool_executor(objective, max_parallel=3), max_trials=12).run()
    stopped = [trial for trial in result.view.trials if trial.state == "stopped"]
    assert len(stopped) > 6
    assert all(len(trial.reports) * trial.params["x"] < 1 + 2 * trial.params["x"] for trial in stopped)


def test_its_exception_arrives_as_it_was_raised():
    class Broken(tunesmith.StoppingRule):
        def on_events(self, view, news):
            if any(stored.event.kind == "reported" for stored in news):
                raise LookupError("no idea")
            return []

    study = study_of(Broken())
    run = study.ask()
    with pytest.raises(LookupError, match="no idea"):
        study.report(run, 1, 0.5)

    study = study_of(Broken())
    executor = tunesmith.thread_pool_executor(lambda run, reporter: reporter.report(1, 0.5) and None)
    with pytest.raises(LookupError, match="no idea"):
        tunesmith.Tuner(study, executor, max_trials=3).run()


def test_wrong_answers_are_named():
    class Words(tunesmith.StoppingRule):
        def on_events(self, view, news):
            return ["stop"]

    with pytest.raises(TypeError, match=r"on_events\(\) must return a list of tunesmith.Action, not list"):
        study_of(Words()).ask()
    with pytest.raises(TypeError, match="StoppingRule"):
        study_of(print)
    with pytest.raises(ValueError, match="stop_trial"):
        tunesmith.Action("stop", reason="")


def test_the_median_rule():
    study = study_of(tunesmith.median_rule(min_trials=3))
    for value in (1, 2, 3):
        run = study.ask()
        assert study.report(run, 1, value) == "keep_going"
        study.tell(run)
    good, poor = study.ask(), study.ask()
    assert study.report(good, 1, 0.5) == "keep_going"
    assert study.report(poor, 1, 9) == "stop"
    study.tell(poor, tunesmith.TrialResult("stopped", "as asked"))
    assert study.trials[poor.number].state == "stopped"
    with pytest.raises(tunesmith.Error) as raised:
        tunesmith.make_stopping_rule("median", min_trials=0, least=3)
    assert {mistake.path for mistake in raised.value.mistakes} == {"/min_trials", "/least"}


def branin(params):
    x, y = params["x"], params["y"]
    bend = y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6
    return bend**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def test_convergence_ends_a_study_and_outlooks_say_why():
    space = tunesmith.Space().add_float("x", -5, 10).add_float("y", 0, 15)
    rule = tunesmith.convergence_rule(tolerance=0.5, patience=3)
    study = tunesmith.tune(branin, space, 100, strategy="bayesian", stopping_rules=[rule])
    assert 20 <= len(study.trials) < 80
    assert study.view().stopped_by_rule and study.why_spent.startswith("stop requested: convergence: ")
    assert study.trials[0].outlook is None
    assert study.trials[-1].outlook.expected_gain <= study.trials[10].outlook.expected_gain


def test_a_job_that_a_rule_ended_says_so_and_ends_again_at_once():
    def run():
        study = study_of(tunesmith.no_improvement_rule(trials=3), store=store)
        executor = tunesmith.thread_pool_executor(lambda run, reporter: 1.0)
        return tunesmith.Tuner(study, executor, max_trials=50).run()

    store = tunesmith.open_store("memory:")
    first, again = run(), run()
    assert (first.reason, again.reason) == ("stopped_by_rule", "stopped_by_rule")
    assert first.explanation == again.explanation == "no_improvement: loss has not improved on the 1 of trial 0 in 3 trials"
    assert len(first.view) == len(again.view) == 4


def test_a_strategy_of_ones_own_may_have_an_outlook():
    class Guess(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            outlook = tunesmith.Outlook(expected_gain=0.5 ** len(view), regret_bound=1)
            return [tunesmith.Suggestion({"x": 1 / (2 + len(view))}, outlook=outlook)]

    space = tunesmith.Space().add_float("x", 0, 1)
    study = tunesmith.Study("s", space, metric="loss", search=Guess())
    study.ask(), study.ask()
    assert study.trials[1].outlook == tunesmith.Outlook(expected_gain=0.5, regret_bound=1)


def test_rule_functions_have_the_defaults_of_the_table():
    for rule in tunesmith.stopping_rules():
        function = getattr(tunesmith, rule["name"] + "_rule")
        if not inspect.isfunction(function):
            continue  # defined where the table is
        arguments = inspect.signature(function).parameters.values()
        defaults = {one.name: "" if one.default is one.empty else one.default for one in arguments}
        assert defaults == {option["name"]: json.loads(option["default"]) for option in rule["options"]}


def test_notices_are_told_and_stop_nothing():
    study = study_of(tunesmith.overfit_rule("train", action="notify"))
    run = study.ask()
    for level in (1, 2):
        assert study.report(run, level, {"train": 1, "loss": 2}) == "keep_going"
    (notice,) = study.view().notices
    assert (notice.trial, notice.rule) == (0, "overfit")
    assert notice.message == "loss is worse than train by 100 % of it, at 1 level"


def test_a_rule_of_ones_own_may_notify_and_look_at_the_clock():
    class Watch(tunesmith.StoppingRule):
        def on_events(self, view, news):
            return [tunesmith.Action("notify", reason="begun") for one in news if one.event.kind == "suggested"]

        def on_time(self, now):
            return [tunesmith.Action("stop_study", reason="late")]

    study = study_of(Watch())
    run = study.ask()
    assert [(notice.trial, notice.message) for notice in study.view().notices] == [(-1, "begun")]
    study.refresh()
    assert study.report(run, 1, 1.0) == "stop"
    assert study.view().stop_requested() == "Watch: late"
    with pytest.raises(ValueError, match="notify"):
        tunesmith.Action("mail", reason="x")


def test_a_job_may_name_rules_of_every_kind():
    for rule in tunesmith.stopping_rules():
        needed = {option["name"]: "x" for option in rule["options"] if "required" in option["text"]}
        if rule["name"] == "threshold":
            needed = {"upper": 1}
        assert tunesmith.make_stopping_rule(rule["name"], **needed).name() == rule["name"]
