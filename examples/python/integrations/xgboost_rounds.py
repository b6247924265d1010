"""XGBoost reports each round, and a trial that is not worth its rounds is ended."""

import tunesmith
import xgboost
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tunesmith.callbacks import XGBoostCallback

X, y = load_digits(n_class=5, return_X_y=True)
parts = train_test_split(X, y, test_size=0.3, random_state=0)
training, validation = xgboost.DMatrix(parts[0], parts[2]), xgboost.DMatrix(parts[1], parts[3])


def train(run, reporter):
    params = {"objective": "multi:softprob", "num_class": 5, "nthread": 1, **run.params}
    xgboost.train(
        params,
        training,
        30,
        evals=[(validation, "validation")],
        verbose_eval=False,
        callbacks=[XGBoostCallback(reporter, "validation-mlogloss")],
    )


space = tunesmith.Space().add_float("eta", 0.001, 1, scale="log").add_int("max_depth", 1, 6)
study = tunesmith.Study(
    "xgboost", space, metric="loss", strategy="sobol", seed=1, stopping_rules=[tunesmith.median_rule()]
)
view = tunesmith.Tuner(study, tunesmith.thread_pool_executor(train), max_trials=12).run().view
print("trials:", len(view))
print("some were ended early:", view.count("stopped") > 0)
print("a good one was found:", view.best.value < 0.15)
