"""Tuning tasks with scikit-learn's small data sets, standardised and halved; deterministic, some 10 to 50 ms a trial."""

import math
import warnings


class Task:
    def __init__(self, space, evaluate, objectives=1, bounds=()):
        self.space = space
        self.evaluate = evaluate
        self.objectives = objectives
        self.bounds = bounds


def halves(load, rows=None, classes=True):
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    x, y = load(return_X_y=True)
    x = StandardScaler().fit_transform(x)[:rows]
    y = y[:rows]
    return train_test_split(x, y, test_size=0.5, random_state=0, stratify=y if classes else None)


def fitted(model, x, y):
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(x, y)


def forest_wine():
    """Log loss and the logarithm of the number of nodes."""
    from sklearn.datasets import load_wine
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import log_loss

    x, x_test, y, y_test = halves(load_wine)

    def evaluate(params):
        model = RandomForestClassifier(
            n_estimators=params["trees"],
            max_depth=params["depth"],
            min_samples_leaf=params["leaf"],
            max_features=params["features"],
            max_samples=params["share"],
            criterion=params["criterion"],
            random_state=0,
        ).fit(x, y)
        nodes = sum(tree.tree_.node_count for tree in model.estimators_)
        return [log_loss(y_test, model.predict_proba(x_test)), math.log10(nodes)]

    space = [
        {"name": "trees", "type": "int", "low": 1, "high": 64, "scale": "log"},
        {"name": "depth", "type": "int", "low": 1, "high": 12},
        {"name": "leaf", "type": "int", "low": 1, "high": 20},
        {"name": "features", "type": "float", "low": 0.1, "high": 1.0},
        {"name": "share", "type": "float", "low": 0.2, "high": 1.0},
        {"name": "criterion", "type": "cat", "choices": ["gini", "entropy"]},
    ]
    return Task(space, evaluate)


def mlp_digits():
    """Log loss and the logarithm of weights times epochs."""
    import numpy as np
    from sklearn.datasets import load_digits
    from sklearn.metrics import log_loss
    from sklearn.neural_network import MLPClassifier

    x, x_test, y, y_test = halves(load_digits, 600)

    def evaluate(params):
        model = MLPClassifier(
            (params["width"],) * params["layers"],
            activation=params["activation"],
            learning_rate_init=params["rate"],
            alpha=params["decay"],
            batch_size=params["batch"],
            max_iter=params["epochs"],
            n_iter_no_change=1000,
            random_state=0,
        )
        fitted(model, x, y)
        weights = sum(w.size for w in model.coefs_)
        loss = log_loss(y_test, np.clip(model.predict_proba(x_test), 1e-9, 1), labels=range(10))
        return [loss, math.log10(weights * params["epochs"])]

    space = [
        {"name": "width", "type": "int", "low": 2, "high": 64, "scale": "log"},
        {"name": "layers", "type": "int", "low": 1, "high": 2},
        {"name": "activation", "type": "cat", "choices": ["relu", "tanh", "logistic"]},
        {"name": "rate", "type": "float", "low": 1e-4, "high": 1e-1, "scale": "log"},
        {"name": "decay", "type": "float", "low": 1e-6, "high": 1.0, "scale": "log"},
        {"name": "batch", "type": "int", "low": 16, "high": 128, "scale": "log"},
        {"name": "epochs", "type": "int", "low": 1, "high": 30, "scale": "log"},
    ]
    return Task(space, evaluate)


def sgd(data):
    """Log loss of a linear classifier."""
    import numpy as np
    from sklearn import datasets
    from sklearn.linear_model import SGDClassifier
    from sklearn.metrics import log_loss

    x, x_test, y, y_test = halves(getattr(datasets, "load_" + data), 600)

    def evaluate(params):
        model = SGDClassifier(
            loss="log_loss",
            penalty="elasticnet",
            alpha=params["decay"],
            l1_ratio=params["sparse"],
            learning_rate=params["schedule"],
            eta0=params["rate"],
            max_iter=params["epochs"],
            tol=None,
            random_state=0,
        )
        fitted(model, x, y)
        return [log_loss(y_test, np.clip(model.predict_proba(x_test), 1e-9, 1))]

    space = [
        {"name": "decay", "type": "float", "low": 1e-6, "high": 1.0, "scale": "log"},
        {"name": "sparse", "type": "float", "low": 0.0, "high": 1.0},
        {"name": "schedule", "type": "cat", "choices": ["constant", "invscaling", "adaptive"]},
        {"name": "rate", "type": "float", "low": 1e-4, "high": 1.0, "scale": "log"},
        {"name": "epochs", "type": "int", "low": 1, "high": 40, "scale": "log"},
    ]
    return Task(space, evaluate)


BRANCHES = {
    "svm": [
        {"name": "svm_kernel", "type": "cat", "choices": ["rbf", "poly", "sigmoid"]},
        {"name": "svm_cost", "type": "float", "low": 1e-3, "high": 1e3, "scale": "log"},
        {"name": "svm_gamma", "type": "float", "low": 1e-5, "high": 1e1, "scale": "log"},
        {"name": "svm_degree", "type": "int", "low": 2, "high": 5, "when": {"svm_kernel": ["poly"]}},
    ],
    "forest": [
        {"name": "forest_trees", "type": "int", "low": 4, "high": 48, "scale": "log"},
        {"name": "forest_depth", "type": "int", "low": 1, "high": 16},
        {"name": "forest_leaf", "type": "int", "low": 1, "high": 20},
        {"name": "forest_features", "type": "float", "low": 0.1, "high": 1.0},
    ],
    "mlp": [
        {"name": "mlp_width", "type": "int", "low": 4, "high": 48, "scale": "log"},
        {"name": "mlp_rate", "type": "float", "low": 1e-4, "high": 1e-1, "scale": "log"},
        {"name": "mlp_decay", "type": "float", "low": 1e-6, "high": 1e1, "scale": "log"},
        {"name": "mlp_activation", "type": "cat", "choices": ["relu", "tanh", "logistic"]},
    ],
    "knn": [
        {"name": "knn_neighbours", "type": "int", "low": 1, "high": 40, "scale": "log"},
        {"name": "knn_weights", "type": "cat", "choices": ["uniform", "distance"]},
        {"name": "knn_metric", "type": "cat", "choices": ["manhattan", "euclidean", "chebyshev"]},
    ],
}


def model_from(params, regression):
    """The estimator that the parameters of one branch describe."""
    from sklearn import ensemble, neighbors, neural_network, svm

    word = "Regressor" if regression else "Classifier"
    of = lambda name: params[f"{params['algorithm']}_{name}"]
    if params["algorithm"] == "svm":
        make = svm.SVR if regression else svm.SVC
        degree = params.get("svm_degree", 3)
        return make(kernel=of("kernel"), C=of("cost"), gamma=of("gamma"), degree=degree, max_iter=20000)
    if params["algorithm"] == "forest":
        make = getattr(ensemble, "RandomForest" + word)
        counts = {"n_estimators": of("trees"), "max_depth": of("depth"), "min_samples_leaf": of("leaf")}
        return make(**counts, max_features=of("features"), random_state=0)
    if params["algorithm"] == "mlp":
        make = getattr(neural_network, "MLP" + word)
        weights = {"learning_rate_init": of("rate"), "alpha": of("decay"), "activation": of("activation")}
        return make(hidden_layer_sizes=(of("width"),), **weights, max_iter=25, batch_size=32, random_state=0)
    make = getattr(neighbors, "KNeighbors" + word)
    return make(of("neighbours"), weights=of("weights"), metric=of("metric"))


def algorithm_choice(branches, data, rows=None, regression=False):
    """Held-out error rate, or of a regression the share of the variance that is left. data: a name, or what loads them."""
    from sklearn import datasets

    load = data if callable(data) else getattr(datasets, "load_" + data)
    x, x_test, y, y_test = halves(load, rows, not regression)
    if regression:
        mean, spread = y.mean(), y.std()
        y, y_test = (y - mean) / spread, (y_test - mean) / spread

    def evaluate(params):
        score = fitted(model_from(params, regression), x, y).score(x_test, y_test)
        return [min(1 - score, 2.0)]

    space = [{"name": "algorithm", "type": "cat", "choices": list(branches)}]
    for branch in branches:
        for parameter in BRANCHES[branch]:
            space.append({"when": {"algorithm": [branch]}, **parameter})
    return Task(space, evaluate)
