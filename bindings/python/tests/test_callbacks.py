import doctest
import importlib

import pytest
import tunesmith
import tunesmith.callbacks
from tunesmith.callbacks._report import Report


class Stopping:
    """A reporter that asks to stop at a level."""

    def __init__(self, at=10**6):
        self.at = at
        self.told = []

    def report(self, resource, metrics):
        self.told.append((resource, metrics))
        return "stop" if resource >= self.at else "keep_going"


class Dynamic:
    """A trial of optimize: the value comes first, and the decision is asked for."""

    def __init__(self):
        self.told = []

    def report(self, value, step):
        self.told.append((step, value))

    def should_stop(self):
        return len(self.told) >= 2


def test_one_metric_is_a_number_and_several_are_a_dict():
    reporter = Stopping()
    assert not Report(reporter, "loss").tell(1, {"loss": 0.5, "accuracy": 1})
    assert not Report(reporter, {"a": "loss", "b": "accuracy"}).tell(2, {"loss": 0.5, "accuracy": 1})
    assert not Report(reporter, "loss").tell(3, {"accuracy": 1})
    assert not Report(reporter, {"a": "loss"}).tell(3, {"accuracy": 1})
    assert reporter.told == [(1, 0.5), (2, {"a": 0.5, "b": 1.0})]
    with pytest.raises(TypeError, match="reporter"):
        Report(3, "loss")


def test_a_trial_of_optimize_is_told_in_its_own_words():
    trial = Dynamic()
    report = Report(trial, "loss")
    assert [report.tell(level, {"loss": 1 / level}) for level in (1, 2)] == [False, True]
    assert trial.told == [(1, 1.0), (2, 0.5)] and report.stopped


def test_a_rule_ends_a_trial_of_optimize():
    class SecondLevel(tunesmith.StoppingRule):
        def on_events(self, view, news):
            return [
                tunesmith.Action("stop_trial", trial=stored.event.trial, reason="enough")
                for stored in news
                if stored.event.kind == "reported" and stored.event.resource == 2 and stored.event.trial == 1
            ]

    def objective(trial):
        x = trial.suggest_float("x", 1, 2)
        report = Report(trial, "loss")
        for level in range(1, 5):
            if report.tell(level, {"loss": x / level}):
                raise tunesmith.TrialStopped
        return x / 4

    study = tunesmith.create_study(strategy="random", stopping_rules=[SecondLevel])
    study.optimize(objective, n_trials=3)
    assert [trial.state for trial in study.trials] == ["completed", "stopped", "completed"]
    assert [len(trial.reports) for trial in study.trials] == [4, 2, 4]


def test_what_there_is_is_named():
    assert set(tunesmith.callbacks.__all__) == {
        name for name in tunesmith.callbacks.__all__ if name.endswith("Callback")
    }
    with pytest.raises(AttributeError, match="TorchCallback"):
        tunesmith.callbacks.TorchCallback


def xgboost_rounds(callback):
    xgboost, np = pytest.importorskip("xgboost", reason="needs xgboost"), pytest.importorskip("numpy")
    x = np.arange(60.0).reshape(-1, 1)
    data = xgboost.DMatrix(x, label=x[:, 0] > 30)
    params = {"objective": "binary:logistic", "eval_metric": ["logloss", "error"]}
    model = xgboost.train(
        params, data, 12, evals=[(data, "train"), (data, "valid")], verbose_eval=False, callbacks=[callback]
    )
    return model.num_boosted_rounds()


def test_xgboost():
    pytest.importorskip("xgboost", reason="needs xgboost")
    reporter = Stopping(at=4)
    callback = tunesmith.callbacks.XGBoostCallback(reporter, "valid-logloss")
    assert xgboost_rounds(callback) == 4 and callback.stopped
    assert [level for level, _ in reporter.told] == [1, 2, 3, 4]
    assert [value for _, value in reporter.told] == sorted((value for _, value in reporter.told), reverse=True)
    all_of_it = Stopping()
    callback = tunesmith.callbacks.XGBoostCallback(all_of_it, {"loss": "train-logloss", "error": "valid-error"})
    assert xgboost_rounds(callback) == 12 and not callback.stopped
    assert set(all_of_it.told[0][1]) == {"loss", "error"}
    with pytest.raises(ValueError, match="no metric 'valid-auc'; there are .*valid-logloss"):
        xgboost_rounds(tunesmith.callbacks.XGBoostCallback(reporter, "valid-auc"))


def test_xgboost_cross_validation():
    xgboost, np = pytest.importorskip("xgboost", reason="needs xgboost"), pytest.importorskip("numpy")
    x = np.arange(60.0).reshape(-1, 1)
    reporter = Stopping(at=3)
    xgboost.cv(
        {"objective": "binary:logistic", "eval_metric": "logloss"},
        xgboost.DMatrix(x, label=x[:, 0] % 2),
        10,
        nfold=2,
        callbacks=[tunesmith.callbacks.XGBoostCallback(reporter, "test-logloss")],
    )
    assert [level for level, _ in reporter.told] == [1, 2, 3]
    assert all(isinstance(value, float) for _, value in reporter.told)


def test_lightgbm():
    lightgbm, np = pytest.importorskip("lightgbm", reason="needs lightgbm"), pytest.importorskip("numpy")
    x = np.arange(200.0).reshape(-1, 1)

    def rounds(callback):
        data = lightgbm.Dataset(x, label=x[:, 0] > 100)
        params = {"objective": "binary", "metric": ["binary_logloss", "auc"], "verbose": -1, "num_threads": 1}
        return lightgbm.train(
            params, data, 12, valid_sets=[data], valid_names=["valid"], callbacks=[callback]
        ).current_iteration()

    reporter = Stopping(at=4)
    callback = tunesmith.callbacks.LightGBMCallback(reporter, "valid-binary_logloss")
    assert rounds(callback) == 4 and callback.stopped
    assert [level for level, _ in reporter.told] == [1, 2, 3, 4]
    whole = Stopping()
    assert rounds(tunesmith.callbacks.LightGBMCallback(whole, {"auc": "valid-auc"})) == 12
    assert whole.told[0][1].keys() == {"auc"}
    with pytest.raises(ValueError, match="no metric 'valid-error'"):
        rounds(tunesmith.callbacks.LightGBMCallback(reporter, "valid-error"))


def test_lightning():
    torch = pytest.importorskip("torch", reason="needs torch")
    lightning = pytest.importorskip("lightning.pytorch", reason="needs lightning")

    class Line(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def loss(self, batch):
            return torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])

        def training_step(self, batch, number):
            return self.loss(batch)

        def validation_step(self, batch, number):
            self.log("val_loss", self.loss(batch))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.01)

    def epochs(callback):
        x = torch.arange(8.0).reshape(-1, 1)
        data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, 2 * x), batch_size=4)
        trainer = lightning.Trainer(
            max_epochs=6, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
            enable_model_summary=False, callbacks=[callback],
        )  # fmt: skip
        trainer.fit(Line(), data, data)
        return trainer.current_epoch

    reporter = Stopping(at=3)
    callback = tunesmith.callbacks.LightningCallback(reporter, "val_loss")
    assert epochs(callback) == 3 and callback.stopped
    assert [level for level, _ in reporter.told] == [1, 2, 3]
    with pytest.raises(ValueError, match="no metric 'val_acc'"):
        epochs(tunesmith.callbacks.LightningCallback(reporter, "val_acc"))


def test_keras(monkeypatch):
    pytest.importorskip("torch", reason="needs a backend for keras")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras", reason="needs keras")
    import numpy as np

    def epochs(callback):
        model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        x = np.arange(8.0).reshape(-1, 1) / 8
        fitted = model.fit(x, 2 * x, epochs=6, validation_data=(x, 2 * x), verbose=0, callbacks=[callback])
        return len(fitted.history["loss"])

    reporter = Stopping(at=3)
    callback = tunesmith.callbacks.KerasCallback(reporter, "val_loss")
    assert epochs(callback) == 3 and callback.stopped
    assert [level for level, _ in reporter.told] == [1, 2, 3]
    with pytest.raises(ValueError, match="no metric 'val_acc'"):
        epochs(tunesmith.callbacks.KerasCallback(reporter, "val_acc"))


@pytest.mark.parametrize("level", ["epoch", "step"])
def test_transformers(level, tmp_path):
    torch = pytest.importorskip("torch", reason="needs torch")
    transformers = pytest.importorskip("transformers", reason="needs transformers")
    pytest.importorskip("accelerate", reason="transformers' Trainer needs accelerate")

    class Line(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def forward(self, x, labels):
            guess = self.layer(x)
            return {"loss": torch.nn.functional.mse_loss(guess, labels), "logits": guess}

    data = [{"x": torch.tensor([float(x)]), "labels": torch.tensor([2.0 * x])} for x in range(8)]

    def epochs(callback):
        trainer = transformers.Trainer(
            model=Line(),
            args=transformers.TrainingArguments(
                str(tmp_path), num_train_epochs=6, per_device_train_batch_size=4, eval_strategy="epoch",
                save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            ),
            train_dataset=data,
            eval_dataset=data,
            callbacks=[callback],
        )  # fmt: skip
        trainer.train()
        return trainer.state.epoch

    reporter = Stopping(at=3 if level == "epoch" else 6)
    callback = tunesmith.callbacks.TransformersCallback(reporter, "eval_loss", level=level)
    assert epochs(callback) == 3 and callback.stopped
    assert [at for at, _ in reporter.told] == ([1, 2, 3] if level == "epoch" else [2, 4, 6])
    with pytest.raises(ValueError, match="no metric 'eval_acc'"):
        epochs(tunesmith.callbacks.TransformersCallback(reporter, "eval_acc"))
    with pytest.raises(ValueError, match="level"):
        tunesmith.callbacks.TransformersCallback(reporter, "eval_loss", level="batch")


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_the_examples_run(library):
    pytest.importorskip(library, reason=f"needs {library}")
    results = doctest.testmod(importlib.import_module(f"tunesmith.callbacks._{library}"))
    assert results.attempted > 0 and results.failed == 0
    assert doctest.testmod(tunesmith.callbacks).failed == 0
