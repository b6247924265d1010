import doctest
import pickle
import warnings

import pytest
import tunesmith

pytest.importorskip("sklearn", reason="TunesmithSearchCV needs scikit-learn")

import numpy as np  # noqa: E402
import tunesmith.sklearn  # noqa: E402
from scipy import stats  # noqa: E402
from sklearn.base import BaseEstimator, ClassifierMixin, clone  # noqa: E402
from sklearn.datasets import load_iris, make_classification  # noqa: E402
from sklearn.linear_model import LogisticRegression, Ridge  # noqa: E402
from sklearn.model_selection import GroupKFold, RandomizedSearchCV, ShuffleSplit, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import MinMaxScaler, StandardScaler  # noqa: E402
from sklearn.svm import SVC  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402
from tunesmith._distributions import Distributions  # noqa: E402
from tunesmith.sklearn import TunesmithSearchCV  # noqa: E402

X, Y = load_iris(return_X_y=True)
DISTRIBUTIONS = {"C": stats.loguniform(1e-2, 1e3), "kernel": ["linear", "rbf"], "gamma": [0.01, 0.1, 1.0, 10.0]}


def search_of(**arguments):
    return TunesmithSearchCV(SVC(), DISTRIBUTIONS, **{"n_iter": 8, "cv": 3, "random_state": 0, **arguments})


@parametrize_with_checks(
    [
        TunesmithSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, n_iter=2, cv=2, random_state=0),
        TunesmithSearchCV(Ridge(), {"alpha": stats.loguniform(0.1, 10)}, n_iter=2, cv=2, random_state=0),
        TunesmithSearchCV(
            Ridge(), {"alpha": stats.loguniform(0.1, 10)}, n_iter=2, cv=2, random_state=0, early_stopping="wilcoxon"
        ),
    ],
    # scikit-learn's own searches are excused from it, too: the folds' warnings are not passed on.
    expected_failed_checks=lambda search: {"check_supervised_y_2d": "DataConversionWarning is not caught"},
)
def test_scikit_learns_conventions(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_the_attributes_are_those_of_a_randomized_search():
    ours = search_of(return_train_score=True).fit(X, Y)
    theirs = RandomizedSearchCV(SVC(), DISTRIBUTIONS, n_iter=8, cv=3, random_state=0, return_train_score=True).fit(X, Y)
    assert set(ours.cv_results_) == {*theirs.cv_results_, "trial"}
    assert {name for name in vars(theirs) if name.endswith("_")} | {"study_"} == {
        name for name in vars(ours) if name.endswith("_")
    }
    for name, column in theirs.cv_results_.items():
        assert len(ours.cv_results_[name]) == len(column) == 8
        assert getattr(ours.cv_results_[name], "dtype", None) == getattr(column, "dtype", None)


def test_scores_are_cross_validations():
    search = search_of().fit(X, Y)
    for row, params in enumerate(search.cv_results_["params"]):
        scores = cross_val_score(SVC(**params), X, Y, cv=3)
        assert search.cv_results_["mean_test_score"][row] == pytest.approx(scores.mean())
        assert search.cv_results_["std_test_score"][row] == pytest.approx(scores.std())
        assert search.study_.trials[row].value == pytest.approx(scores.mean())
    best = search.best_index_
    assert search.best_params_ == search.cv_results_["params"][best]
    assert search.best_score_ == max(search.cv_results_["mean_test_score"]) and search.refit_time_ > 0
    assert search.cv_results_["rank_test_score"][best] == 1 and search.study_.best.number in search.cv_results_["trial"]
    assert search.score(X, Y) == search.best_estimator_.score(X, Y) and list(search.classes_) == [0, 1, 2]


def test_a_seed_gives_the_same_search_and_n_jobs_of_random_search_does_not_matter():
    searches = [search_of(strategy="random", n_jobs=jobs, random_state=3).fit(X, Y) for jobs in (None, 2)]
    assert searches[0].cv_results_["params"] == searches[1].cv_results_["params"]
    assert search_of(random_state=1).fit(X, Y).best_params_ == search_of(random_state=1).fit(X, Y).best_params_
    assert search_of(random_state=np.random.RandomState(2)).fit(X, Y).n_splits_ == 3


def test_several_metrics_and_refit():
    search = search_of(scoring=["accuracy", "f1_macro"], refit="f1_macro").fit(X, Y)
    assert search.best_score_ == max(search.cv_results_["mean_test_f1_macro"])
    assert [trial.value for trial in search.study_.trials] == pytest.approx(list(search.cv_results_["mean_test_f1_macro"]))
    with pytest.raises(ValueError, match="refit"):
        search_of(scoring=["accuracy", "f1_macro"]).fit(X, Y)
    not_refitted = search_of(refit=False).fit(X, Y)
    assert not hasattr(not_refitted, "best_estimator_") and not_refitted.best_params_
    chosen = search_of(refit=lambda results: 3).fit(X, Y)
    assert chosen.best_index_ == 3


def test_groups_and_weights_reach_whom_they_are_for():
    groups = np.arange(len(Y)) % 5
    search = search_of(cv=GroupKFold(5)).fit(X, Y, groups=groups, sample_weight=np.ones(len(Y)))
    assert search.n_splits_ == 5


def test_all_candidates_have_the_same_folds():
    """Also with a splitter that answers differently each time, and one fold at a time."""
    for early_stopping in (None, "median"):
        search = TunesmithSearchCV(
            SVC(), {"C": [1.0, 1.0 + 1e-12, 1.0 + 2e-12]}, n_iter=3, cv=ShuffleSplit(3), early_stopping=early_stopping
        ).fit(X, Y)
        for fold in range(3):
            assert len(set(search.cv_results_[f"split{fold}_test_score"])) == 1


class Scripted(ClassifierMixin, BaseEstimator):
    """Its score is said."""

    fits = []

    def __init__(self, quality=0.0, fails=False):
        self.quality = quality
        self.fails = fails

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        Scripted.fits.append(self.quality)
        if self.fails:
            raise ArithmeticError("it was to fail")
        return self

    def score(self, X, y):
        return self.quality + 0.001 * (float(np.sum(X)) % 7)


@pytest.mark.parametrize("how", [{"early_stopping": {"name": "median", "min_trials": 2}}, {"strategy": "asha"}])
def test_bad_candidates_get_fewer_folds(how):
    Scripted.fits = []
    qualities = [round(0.9 - 0.02 * step, 2) for step in range(30)]
    search = TunesmithSearchCV(Scripted(), {"quality": qualities}, n_iter=30, cv=9, random_state=0, refit=False, **how)
    search.fit(X, Y)
    assert len(Scripted.fits) < 30 * 9 * 0.8
    table = search.cv_results_
    folds = sum(np.isfinite(table[f"split{fold}_test_score"]).astype(int) for fold in range(9))
    assert folds.max() == 9 and folds.min() < 9 and folds.sum() == len(Scripted.fits)
    assert np.all(np.isfinite(table["mean_test_score"])) and np.all(np.isfinite(table["mean_fit_time"]))
    assert folds[search.best_index_] == 9
    full = folds == 9
    assert table["rank_test_score"][full].max() < table["rank_test_score"][~full].min()
    assert search.best_score_ == table["mean_test_score"][full].max()


def test_the_signed_rank_test_sees_each_fold():
    search = TunesmithSearchCV(
        Scripted(), {"quality": [0.9, 0.5]}, n_iter=2, cv=9, strategy="grid", early_stopping="wilcoxon"
    ).fit(X, Y)
    assert search.best_params_ == {"quality": 0.9}
    stopped = [trial for trial in search.study_.trials if trial.state == "stopped"]
    assert stopped and all(len(trial.reports) < 9 for trial in stopped)
    assert search.study_.best.value == pytest.approx(search.best_score_)


@pytest.mark.parametrize("early_stopping", [None, "median"])
def test_a_candidate_that_cannot_be_fitted_fails_alone(early_stopping):
    search = TunesmithSearchCV(
        Scripted(),
        {"quality": [0.5, 0.7], "fails": [True, False]},
        n_iter=4,
        cv=2,
        strategy="grid",
        early_stopping=early_stopping,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search.fit(X, Y)
    assert search.best_params_ == {"quality": 0.7, "fails": False}
    assert sorted(trial.state for trial in search.study_.trials) == ["completed"] * 2 + ["failed"] * 2
    assert np.isnan(search.cv_results_["mean_test_score"]).sum() == 2
    with pytest.raises(ArithmeticError):
        clone(search).set_params(error_score="raise").fit(X, Y)
    with pytest.raises(ValueError, match="fits failed"):
        clone(search).set_params(param_distributions={"fails": [True]}, n_iter=1).fit(X, Y)


def test_a_finite_space_ends_with_a_warning():
    with pytest.warns(UserWarning, match="2 configurations, fewer than n_iter=10"):
        search = TunesmithSearchCV(SVC(), {"C": [0.1, 1.0]}, strategy="grid", cv=2).fit(X, Y)
    assert len(search.cv_results_["params"]) == 2


def test_distributions_have_counterparts():
    made = Distributions(
        {
            "u": stats.uniform(2, 3),
            "l": stats.loguniform(0.01, 10),
            "i": stats.randint(1, 5),
            "n": stats.norm(5, 2),
            "e": stats.expon(scale=3),
            "many": [3, 1, 2],
            "words": ["b", None, "a"],
            "objects": [StandardScaler(), MinMaxScaler()],
            "one": [7],
            "array": np.array([0.5, 0.25]),
        }
    )
    known = {parameter.name: parameter for parameter in made.space.parameters}
    assert (known["u"].min, known["u"].max, known["u"].scale) == (2, 5, "linear")
    assert (known["l"].min, known["l"].max, known["l"].scale) == (0.01, 10, "log")
    assert (known["i"].min, known["i"].max) == (1, 4)
    assert known["many"].type == "ordinal" and known["many"].choices == [1, 2, 3]
    assert known["words"].type == "categorical" and known["one"].type == "fixed"
    values = made.decode(
        {"n": 0.5, "e": 1 - np.exp(-1), "words": "None", "objects": "MinMaxScaler()", "many": 2, "array": 0.25}
    )
    assert values["n"] == pytest.approx(5) and values["e"] == pytest.approx(3)
    assert values["words"] is None and isinstance(values["objects"], MinMaxScaler) and values["many"] == 2


def test_lists_of_dicts_are_searched_together():
    search = TunesmithSearchCV(
        SVC(),
        [{"kernel": ["linear"], "C": [0.1, 1.0]}, {"kernel": ["rbf"], "gamma": stats.loguniform(0.01, 1)}],
        n_iter=12,
        cv=2,
        random_state=0,
    ).fit(X, Y)
    kinds = {frozenset(params) for params in search.cv_results_["params"]}
    assert kinds == {frozenset({"kernel", "C"}), frozenset({"kernel", "gamma"})}
    assert set(search.cv_results_) >= {"param_C", "param_gamma", "param_kernel"}


@pytest.mark.parametrize("wrong", [3, {"C": 3}, {"C": "rbf"}, [3]])
def test_what_is_no_distribution_is_refused(wrong):
    with pytest.raises(TypeError, match="param_distributions"):
        TunesmithSearchCV(SVC(), wrong, cv=2).fit(X, Y)


def test_what_can_only_be_drawn_is_refused():
    class Drawn:
        def rvs(self, random_state=None):
            return 1

    with pytest.raises(TypeError, match="rvs"):
        TunesmithSearchCV(SVC(), {"C": Drawn()}, cv=2).fit(X, Y)
    with pytest.raises(ValueError, match="empty"):
        TunesmithSearchCV(SVC(), {"C": []}, cv=2).fit(X, Y)


def test_a_space_of_tunesmith_and_a_pipeline():
    space = (
        tunesmith.Space()
        .add_categorical("svc__kernel", ["linear", "rbf"])
        .add_float("svc__C", 0.01, 100, scale="log")
        .add_float("svc__gamma", 0.01, 1, scale="log", when={"svc__kernel": "rbf"})
    )
    search = TunesmithSearchCV(make_pipeline(StandardScaler(), SVC()), space, n_iter=6, cv=2, random_state=0)
    again = pickle.loads(pickle.dumps(clone(search).fit(X, Y)))
    assert again.best_params_ == search.fit(X, Y).best_params_
    assert not hasattr(again, "study_") and again.score(X, Y) > 0.8
    for params in search.cv_results_["params"]:
        assert ("svc__gamma" in params) == (params["svc__kernel"] == "rbf")


def test_it_finds_at_least_what_drawing_finds():
    data, labels = make_classification(200, 12, n_informative=4, random_state=1)
    wide = {"C": stats.loguniform(1e-4, 1e4), "gamma": stats.loguniform(1e-5, 1e2)}
    scores = {}
    for kind in (TunesmithSearchCV, RandomizedSearchCV):
        scores[kind] = np.mean([kind(SVC(), wide, n_iter=16, cv=3, random_state=seed).fit(data, labels).best_score_
                                for seed in range(4)])  # fmt: skip
    assert scores[TunesmithSearchCV] >= scores[RandomizedSearchCV] - 0.003


def test_the_examples_run():
    results = doctest.testmod(tunesmith.sklearn)
    assert results.attempted > 0 and results.failed == 0
