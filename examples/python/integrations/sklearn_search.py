"""A cross-validated search in the place of RandomizedSearchCV; bad candidates get fewer folds."""

from scipy.stats import loguniform
from sklearn.datasets import load_digits
from sklearn.svm import SVC
from tunesmith.sklearn import TunesmithSearchCV

X, y = load_digits(return_X_y=True)
search = TunesmithSearchCV(
    SVC(),
    {"C": loguniform(1e-2, 1e3), "gamma": loguniform(1e-6, 1e-1)},
    n_iter=20,
    cv=5,
    random_state=0,
    early_stopping={"name": "median", "min_trials": 3},
).fit(X[:500], y[:500])
print("as good as by hand:", bool(search.best_score_ > 0.95))
print("on the rest:", bool(search.score(X[500:], y[500:]) > 0.9))
print("some candidates were ended early:", search.study_.view().count("stopped") > 0)
