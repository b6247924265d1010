import traceback

import pytest
import tunesmith


def line():
    return tunesmith.Space().add_float("x", 0, 1)


def study_of(search, space=None, **arguments):
    return tunesmith.Study("s", space or line(), metric="loss", search=search, **arguments)


class Halving(tunesmith.SearchStrategy):
    def suggest(self, view, count):
        return [tunesmith.Suggestion({"x": 0.5 ** (len(view) + i)}) for i in range(count)]


def test_a_strategy_of_ones_own_sees_the_study():
    class Around(tunesmith.SearchStrategy):
        """Tries right beside the best, and remembers what that was."""

        def __init__(self):
            super().__init__()
            self.seen = []

        def name(self):
            return "around"

        def suggest(self, view, count):
            self.seen.append((len(view), view.count("completed"), view.problem.seed, count))
            best = view.best
            if best is None:
                return [tunesmith.Suggestion({"x": 0.5}, note="the middle")]
            x = best.params["x"] - 0.01 * len(view)
            return [tunesmith.Suggestion({"x": x}, note="beside", state=str(best.number), until=9)]

    search = Around()
    study = study_of(search, seed=3)
    runs = []
    for _ in range(3):
        run = study.ask()
        runs.append(run)
        study.tell(run, run.params["x"])
    assert [run.params["x"] for run in runs] == pytest.approx([0.5, 0.49, 0.47])
    assert [run.until for run in runs[1:]] == [9, 9]
    trials = study.trials
    assert [trial.note for trial in trials] == ["the middle", "beside", "beside"]
    assert [trial.strategy_state for trial in trials] == ["", "0", "1"]
    assert [trial.until for trial in trials[1:]] == [9, 9]
    assert search.seen == [(0, 0, 3, 1), (1, 1, 3, 1), (2, 2, 3, 1)]


def test_what_it_suggests_is_conformed_and_checked():
    class Fixed(tunesmith.SearchStrategy):
        def __init__(self, params):
            super().__init__()
            self.params = params

        def suggest(self, view, count):
            return [tunesmith.Suggestion(self.params)]

    space = tunesmith.Space().add_float("x", 0, 9).add_fixed("epochs", 5)
    params = study_of(Fixed({"x": 3}), space).ask().params
    assert params == {"x": 3.0, "epochs": 5} and type(params["x"]) is float

    with pytest.raises(tunesmith.Error, match="Fixed") as raised:
        study_of(Fixed({"x": 10}), space).ask()
    assert raised.value.code == "invalid_argument"

    study = study_of(Fixed({"x": 3}), space)
    study.ask()
    with pytest.raises(tunesmith.Error, match="Fixed"):
        study.ask()  # a duplicate


def test_its_exception_arrives_as_it_was_raised():
    error = LookupError("no idea")

    class Broken(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            raise error

    with pytest.raises(LookupError) as raised:
        study_of(Broken()).ask()
    assert raised.value is error
    assert "in suggest" in "".join(traceback.format_tb(raised.value.__traceback__))

    # Also through a tuner, which has stopped what ran.
    executor = tunesmith.thread_pool_executor(lambda run, reporter: 1.0)
    with pytest.raises(LookupError) as raised:
        tunesmith.Tuner(study_of(Broken()), executor).run()
    assert raised.value is error


def test_wrong_answers_are_named():
    class Dicts(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            return {"x": 1}

    with pytest.raises(TypeError, match=r"suggest\(\) must return a list of tunesmith.Suggestion, not dict"):
        study_of(Dicts()).ask()

    class Nothing(tunesmith.SearchStrategy):
        pass

    with pytest.raises(NotImplementedError, match="suggest"):
        study_of(Nothing()).ask()
    assert Nothing().name() == "Nothing"


def test_none_is_exhausted():
    class Three(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            return [tunesmith.Suggestion({"x": len(view) / 10})] if len(view) < 3 else []

    study = study_of(Three())
    runs = [study.ask() for _ in range(3)]
    assert study.ask() is None and study.nothing_now == "waiting"
    for run in runs:
        study.tell(run, 1)
    assert study.ask() is None and study.nothing_now == "exhausted"


def test_it_may_wrap_one_of_tunesmiths():
    class Traced(tunesmith.SearchStrategy):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def suggest(self, view, count):
            return [
                tunesmith.Suggestion(s.params, until=s.until, note=s.note, state=s.state)
                for s in self.inner.suggest(view, count)
            ]

    def points(search):
        study = study_of(search, seed=8)
        result = []
        for _ in range(8):
            run = study.ask()
            study.tell(run, (run.params["x"] - 0.3) ** 2)
            result.append(run.params["x"])
        return result

    assert points(Traced(tunesmith.bayesian_search())) == points(tunesmith.bayesian_search())


def test_a_suggestion_can_be_computed_again_from_its_prefix(tmp_path):
    store = f"sqlite:{tmp_path}/studies.db"
    study = study_of(tunesmith.bayesian_search(), seed=1, store=store)
    for _ in range(7):
        run = study.ask()
        study.tell(run, run.params["x"] ** 2)
    for trial in study.trials:
        view = tunesmith.read_study(store, "s", prefix=trial.prefix)
        assert tunesmith.bayesian_search().suggest(view)[0].params == trial.params


def test_arguments():
    with pytest.raises(TypeError, match="search"):
        study_of(Halving(), strategy="random")
    with pytest.raises(TypeError, match="search"):
        study_of(Halving(), initial_trials=3)
    with pytest.raises(TypeError, match="SearchStrategy"):
        study_of(lambda view, count: [])
    with pytest.raises(tunesmith.Error) as raised:
        tunesmith.make_search("random", quasi=True)
    assert raised.value.mistakes[0].path == "/quasi"
    with pytest.raises(ValueError):
        tunesmith.random_search().suggest(study_of(Halving()).view(), 0)


def test_views_show_what_studies_show():
    study = tunesmith.Study("s", line(), metric="loss", goal="maximize", strategy="random", baseline={"x": 0.5})
    study.enqueue({"x": 0.25})
    study.enqueue({"x": 0.75})
    for _ in range(2):
        run = study.ask()
        study.tell(run, run.params["x"])
    view = study.view()
    assert view.queued == 1 and view.baseline.number == 0 and view.gain == 0
    assert view.best.params == {"x": 0.5} and [trial.number for trial in view.front] == [0]
    run = study.ask()
    study.tell(run, run.params["x"])
    study.fail(study.ask(), "broken")
    later = study.view()
    assert later.gain == 0.25 and later.best.number == 2 and later.queued == 0
    assert later.failures_in_a_row == 1 and later.prefix > view.prefix and len(view) == 2
    assert later.objective(later.trial(1)) == 0.25 and later.objective(later.trial(3)) is None
    assert later.feasible(later.trial(1)) and not later.feasible(later.trial(3))
    assert later.stop_requested() is None and later.stop_requested(3) is False
    assert [later.count(state) for state in ("completed", "failed", "running")] == [3, 1, 0]
    for call in (lambda: later.trial(9), lambda: later.trial(-1), lambda: later.objective(later.trial(0), 1)):
        with pytest.raises(IndexError):
            call()
    with pytest.raises(tunesmith.Error):
        later.count("done")
    assert later.problem.objectives == {"loss": "maximize"} and later.problem.baseline == {"x": 0.5}


def test_parameters_are_read_back():
    space = (
        tunesmith.Space()
        .add_float("lr", 1e-5, 1e-1, scale="log")
        .add_float("dropout", 0, 0.5, step=0.25)
        .add_int("layers", 1, 8)
        .add_categorical("optimizer", ["sgd", "adam"])
        .add_float("momentum", 0.5, 0.9, when={"optimizer": "sgd"})
        .add_fixed("epochs", 3)
        .add_constraint("layers < 8 or lr < 0.01")
    )
    lr, dropout, layers, optimizer, momentum, epochs = space.parameters
    assert (lr.type, lr.min, lr.max, lr.scale, lr.step, lr.cardinality()) == ("float", 1e-5, 1e-1, "log", None, None)
    assert (dropout.step, dropout.cardinality(), dropout.value_at(2), dropout.index_of(0.25)) == (0.25, 3, 0.5, 1)
    assert (layers.type, layers.min, layers.max, layers.step) == ("int", 1, 8, 1)
    assert (optimizer.choices, optimizer.min, optimizer.scale) == (["sgd", "adam"], None, None)
    assert momentum.when == {"optimizer": ["sgd"]} and epochs.choices == [3]
    with pytest.raises(IndexError):
        dropout.value_at(3)
    assert space.constraints == ["layers < 8 or lr < 0.01"] and space.dimension == 5
    params = space.decode([0.5, 0.9, 0.1, 0.99, 0.5])
    assert "momentum" not in params and space.check(params) == []
    assert space.decode(space.encode(params)) == params
    assert not space.satisfies({**params, "layers": 8, "lr": 0.05})
    with pytest.raises(tunesmith.Error):
        space.encode({"lr": 7})
