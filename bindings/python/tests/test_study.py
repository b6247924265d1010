import json
import math
import threading

import pytest
import tunesmith


def line():
    return tunesmith.Space().add_float("x", 0, 1)


def study_of(space, **arguments):
    arguments.setdefault("strategy", "random")
    return tunesmith.Study("s", space, **{"metric": "loss", **arguments})


def test_ask_tell_best():
    study = study_of(line(), seed=4)
    values = []
    for _ in range(10):
        run = study.ask()
        values.append(run.params["x"])
        assert study.tell(run, run.params["x"]) == "accepted"
    assert study.best.value == min(values)
    assert [trial.value for trial in study.trials] == values
    assert [trial.number for trial in study.trials] == list(range(10))


def test_maximize():
    study = study_of(line(), goal="maximize")
    for _ in range(5):
        run = study.ask()
        study.tell(run, run.params["x"])
    assert study.best.value == max(trial.value for trial in study.trials)


def test_a_second_tell_is_a_duplicate_or_fenced():
    study = study_of(line())
    run = study.ask()
    assert study.tell(run, 1.0) == "accepted"
    assert study.tell(run, 1.0) == "duplicate"
    assert study.fail(run, "late") == "fenced"
    assert study.trials[0].state == "completed"


def test_reports_count_where_tell_has_no_metrics():
    study = study_of(line())
    run = study.ask()
    assert study.report(run, 1, 0.9) == "keep_going"
    assert study.report(run, 2, {"loss": 0.7, "accuracy": 0.5}) == "keep_going"
    assert study.tell(run) == "accepted"
    trial = study.trials[0]
    assert trial.value == 0.7
    assert trial.reports == [(1.0, {"loss": 0.9}), (2.0, {"loss": 0.7, "accuracy": 0.5})]


def test_a_value_that_is_not_finite_fails_the_trial():
    study = study_of(line())
    study.tell(study.ask(), math.nan)
    assert study.trials[0].state == "failed"
    assert study.trials[0].reason
    assert study.trials[0].value is None
    assert study.best is None
    json.loads(study.to_json(), parse_constant=pytest.fail)


def test_nothing_now_says_why():
    study = study_of(tunesmith.Space().add_int("n", 1, 2), strategy="grid")
    first, second = study.ask(), study.ask()
    assert study.nothing_now is None
    assert study.ask() is None
    assert study.nothing_now == "waiting"
    study.tell(first, 1)
    study.tell(second, 2)
    assert study.ask() is None
    assert study.nothing_now == "exhausted"

    study = study_of(line())
    study.set_budget(max_trials=1)
    assert study.why_spent == ""
    study.tell(study.ask(), 1)
    assert study.ask() is None
    assert study.nothing_now == "budget_spent"
    assert study.why_spent == "1 of 1 trials"


def test_enqueue_replicate_baseline_come_first():
    study = study_of(line(), baseline={"x": 0.5})
    study.enqueue({"x": 0.25}, "a guess")
    values = [study.ask().params["x"]]
    study.replicate(0)
    values += [study.ask().params["x"] for _ in range(2)]
    assert values == [0.5, 0.25, 0.5]
    trials = study.trials
    assert [trial.origin for trial in trials] == ["baseline", "enqueued", "enqueued"]
    assert [trial.replicate_of for trial in trials] == [None, None, 0]
    assert trials[1].note == "a guess"
    with pytest.raises(tunesmith.Error):
        study.enqueue({"x": 7, "y": 1})


def test_a_repeated_trial_counts_with_its_mean():
    study = study_of(line())
    for value in [1, 2]:
        study.tell(study.ask(), value)
    study.replicate(0)
    study.tell(study.ask(), 9)
    view = study.view()
    assert study.best.number == 1
    assert [trial.number for trial in view.repetitions(2)] == [0, 2]
    assert view.mean_objective(0) == view.mean_objective(2) == 5
    with pytest.raises(IndexError):
        view.repetitions(3)
    with pytest.raises(IndexError):
        view.mean_objective(0, 1)


def test_standard_errors():
    study = study_of(line(), standard_error="error")
    assert study.problem.standard_errors == {"loss": "error"}
    assert json.loads(study.problem.to_json())["objectives"][0]["standard_error"] == "error"
    for error in [0.1, float("nan"), None, -1]:
        study.tell(study.ask(), {"loss": 1} | ({} if error is None else {"error": error}))
    assert {trial.state for trial in study.trials} == {"completed"}

    several = {"objectives": {"loss": "minimize", "accuracy": "maximize"}, "strategy": "random"}
    study = tunesmith.Study("s", line(), standard_error={"accuracy": "error"}, **several)
    assert study.problem.standard_errors == {"accuracy": "error"}
    with pytest.raises(TypeError):
        tunesmith.Study("s", line(), standard_error="error", **several)
    with pytest.raises(TypeError):
        tunesmith.Study("s", line(), standard_error={"speed": "error"}, **several)
    with pytest.raises(tunesmith.Error) as raised:
        study_of(line(), standard_error="loss")
    assert raised.value.mistakes[0].path == "/objectives/0/standard_error"


def test_several_objectives_and_outcome_constraints():
    study = tunesmith.Study(
        "s",
        line(),
        objectives={"loss": "minimize", "accuracy": "maximize"},
        outcome_constraints={"seconds": (None, 10)},
        strategy="random",
    )
    for loss, accuracy, seconds in [(1, 0.5, 5), (2, 0.9, 5), (2, 0.5, 5), (0, 1.0, 50)]:
        study.tell(study.ask(), {"loss": loss, "accuracy": accuracy, "seconds": seconds})
    assert [trial.number for trial in study.front] == [0, 1]
    with pytest.raises(TypeError):
        study.tell(study.ask(), 1.0)


def test_arguments_are_checked():
    with pytest.raises(TypeError):
        tunesmith.Study("s", line())
    with pytest.raises(tunesmith.Error) as raised:
        study_of(line(), goal="smallest")
    assert raised.value.mistakes[0].path == "/goal"
    with pytest.raises(tunesmith.Error) as raised:
        study_of(line(), strategy="bayesian", initial_trials="many", initial=1)
    assert {mistake.path for mistake in raised.value.mistakes} == {"/initial_trials", "/initial"}
    with pytest.raises(tunesmith.Error):
        study_of(line(), strategy="nothing")
    with pytest.raises(tunesmith.Error):
        study_of(line(), store="nowhere:")


@pytest.mark.parametrize("strategy", [info["name"] for info in tunesmith.search_strategies()])
def test_every_strategy_tunes_and_repeats_itself(strategy):
    space = tunesmith.Space().add_int("a", 1, 9).add_categorical("b", ["x", "y"])

    def run():
        study = study_of(space, strategy=strategy, seed=3)
        seen = []
        for _ in range(12):
            trial = study.ask()
            seen.append((trial.number, trial.params))
            study.tell(trial, trial.params["a"] + (trial.params["b"] == "x"))
        return seen

    first = run()
    assert first == run()
    # A trial may be gone on with; no two trials are alike.
    assert len({tuple(params.items()) for _, params in first}) == len({number for number, _ in first})


def test_a_study_in_a_file_goes_on(tmp_path):
    store = f"sqlite:{tmp_path}/studies.db"
    study = study_of(line(), store=store)
    for _ in range(3):
        study.tell(study.ask(), 0.5)
    left = study.ask()
    del study

    again = study_of(line(), store=store)
    assert [trial.state for trial in again.trials] == ["completed"] * 3 + ["running"]
    assert [run.number for run in again.open_runs()] == [left.number]
    restarted = again.restart(again.open_runs()[0], "the process died")
    assert (restarted.number, restarted.attempt, restarted.params) == (left.number, 2, left.params)
    assert again.tell(left, 0.1) == "fenced"
    assert again.tell(restarted, 0.1) == "accepted"

    with pytest.raises(tunesmith.Error) as raised:
        study_of(tunesmith.Space().add_float("x", 0, 2), store=store)
    assert raised.value.code == "study_mismatch"


def test_threads_share_a_study():
    study = study_of(line())
    problems = []

    def work():
        try:
            for _ in range(25):
                run = study.ask()
                study.report(run, 1, run.params["x"])
                study.tell(run)
        except Exception as error:  # shown below, in the test's own thread
            problems.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(study.trials) == 200
    assert len({trial.params["x"] for trial in study.trials}) == 200
    assert {trial.state for trial in study.trials} == {"completed"}


def test_to_json_holds_problem_and_trials():
    study = study_of(line())
    run = study.ask()
    study.report(run, 1, {"loss": 0.25})
    study.tell(run)
    document = json.loads(study.to_json())
    assert document["name"] == "s"
    assert document["problem"]["objectives"][0]["metric"] == "loss"
    trial = document["trials"][0]
    assert trial["params"] == run.params
    assert trial["reports"] == [{"resource": 1.0, "metrics": {"loss": 0.25}}]
    assert trial["state"] == "completed"


def test_parents():
    space = tunesmith.Space().add_float("x", 0, 1).add_categorical("kind", ["a", "b"])
    old = tunesmith.Study("old", space, metric="loss", strategy="random", seed=1)
    for _ in range(12):
        run = old.ask()
        old.tell(run, (run.params["x"] - 0.3) ** 2)
    wider = tunesmith.Space().add_float("x", 0, 2).add_float("y", 0, 1)
    first = study_of(wider, strategy="bayesian", parents=[old]).ask()
    assert first.params["x"] == old.best.params["x"]
    assert first.params["y"] == 0.5
    again = study_of(wider, strategy="bayesian", parents=(view for view in [old.view()])).ask()
    assert again.params == first.params
    with pytest.raises(TypeError, match="parents are Studies or StudyViews"):
        study_of(wider, parents=["old"])
    with pytest.raises(tunesmith.Error, match="at most 5"):
        study_of(wider, parents=[old] * 6)


def test_costs_are_counted_and_limited():
    space = tunesmith.Space().add_float("x", 0, 1)
    study = tunesmith.Study("s", space, metric="loss", cost={"metric": "euros"})
    assert study.problem.cost == {"metric": "euros"}
    study.set_budget(max_cost=3)
    run = study.ask()
    study.tell(run, {"loss": 1, "euros": 2})
    study.tell(study.ask(), {"loss": 1})
    view = study.view()
    assert [view.cost(trial) for trial in view.trials] == [2, None]
    assert view.total_cost == 2 and view.budget.max_cost == 3
    study.tell(study.ask(), {"loss": 1, "euros": 1.5})
    assert study.ask() is None and study.why_spent == "3.5 of 3 in cost of trials"


def test_forms_of_cost():
    space = tunesmith.Space().add_float("x", 0, 1)
    assert tunesmith.Study("s", space, metric="loss", cost="time").problem.cost == "time"
    plain = tunesmith.Study("s", space, metric="loss")
    assert plain.problem.cost is None
    with pytest.raises(tunesmith.Error, match="max_cost"):
        plain.set_budget(max_cost=3)
    for cost in ("euros", {"metric": ""}, {"unit": "euros"}, 3):
        with pytest.raises(TypeError):
            tunesmith.Study("s", space, metric="loss", cost=cost)
