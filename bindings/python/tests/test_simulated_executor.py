"""Trials on a virtual clock."""

import pytest
import tunesmith


def space():
    return tunesmith.Space().add_float("x", 0, 1)


def curve(params):
    return [(epoch, 60.0 * epoch, {"loss": params["x"] + 1 / epoch}) for epoch in range(1, 10)]


def tune(objective, workers=2, seed=0, **budget):
    clock = tunesmith.VirtualClock()
    study = tunesmith.Study("s", space(), metric="loss", strategy="random", seed=seed, clock=clock)
    executor = tunesmith.simulated_executor(objective, clock, workers=workers)
    return clock, tunesmith.Tuner(study, executor, **budget).run()


def test_hours_pass_on_the_virtual_clock():
    clock, result = tune(curve, max_trials=9)
    assert len(result.view) == 9
    # The first runs alone; the other eight fill two workers.
    assert clock.seconds == pytest.approx(60 * 9 + 4 * 60 * 9, abs=60 * 9)
    best = result.view.best
    assert best.value == min(trial.params["x"] for trial in result.view.trials) + 1 / 9
    assert len(best.reports) == 9


def test_a_time_budget_is_one_of_virtual_time():
    clock, result = tune(curve, workers=4, max_time=3600)
    assert result.reason == "time_spent"
    assert 3600 <= clock.seconds <= 3660


def test_the_same_seed_gives_the_same_trials():
    def trials(seed):
        view = tune(curve, seed=seed, max_trials=20)[1].view
        return [(trial.params, trial.state, trial.reports) for trial in view.trials]

    assert trials(3) == trials(3)
    assert trials(3) != trials(4)


def test_a_number_stands_for_the_only_objective():
    _, result = tune(lambda params: [(1, 5, params["x"])], max_trials=3)
    assert all(trial.metrics == {"loss": trial.params["x"]} for trial in result.view.trials)


def test_what_the_objective_raises_makes_the_trial_failed():
    calls = []

    def crashes(params):
        calls.append(params)
        if len(calls) == 2:
            raise ValueError("no curve for this one")
        if len(calls) == 3:
            return [(1, 60)]
        return curve(params)

    _, result = tune(crashes, workers=1, max_trials=4)
    failed = [trial for trial in result.view.trials if trial.state == "failed"]
    assert [trial.number for trial in failed] == [1, 2]
    assert "no curve for this one" in failed[0].reason
    assert "(level, seconds, metrics)" in failed[1].reason


def test_an_interrupt_ends_the_tuning():
    def interrupted(params):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tune(interrupted, max_trials=5)


def test_recorded_curves():
    line = '{"parameters": {"x": %s}, "level": %d, "seconds": %d, "metrics": {"loss": %s}}'
    text = "\n".join(line % (x, e, 60 * e, x / e) for x in (0.25, 0.5, 1) for e in (1, 2))
    curves = tunesmith.RecordedCurves(space(), text)
    assert len(curves) == 3
    assert curves({"x": 0.3}) == [(1, 60, {"loss": 0.25}), (2, 120, {"loss": 0.125})]
    clock, result = tune(curves, workers=1, max_trials=10)
    assert result.view.best.value == 0.125
    assert clock.seconds == 10 * 120


def test_mistakes_in_recorded_curves_are_named():
    with pytest.raises(tunesmith.Error) as caught:
        tunesmith.RecordedCurves(space(), '{"parameters": {"x": 2}, "level": 1}')
    paths = [mistake.path for mistake in caught.value.mistakes]
    assert "/1/seconds" in paths and "/1/metrics" in paths


def test_a_simulation_needs_a_worker():
    with pytest.raises(tunesmith.Error):
        tunesmith.simulated_executor(curve, tunesmith.VirtualClock(), workers=0)
