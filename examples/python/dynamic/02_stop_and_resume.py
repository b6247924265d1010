"""Trials that report and end early, in a study that outlives its process."""

import pathlib
import tempfile

import tunesmith


def objective(trial: tunesmith.DynamicTrial) -> float:
    lr = trial.suggest_float("lr", 1e-4, 1, log=True)
    loss = 1.0
    for epoch in range(1, 11):
        loss = abs(lr - 0.1) + 1 / epoch
        trial.report(loss, epoch)
        if trial.should_stop():
            trial.set_user_attr("stopped at", epoch)
            raise tunesmith.TrialStopped
    return loss


with tempfile.TemporaryDirectory() as folder:
    storage = f"sqlite:{pathlib.Path(folder) / 'study.db'}"
    for session in (1, 2):
        study = tunesmith.create_study(study_name="resumable", storage=storage, strategy="tpe", seed=3)
        study.optimize(objective, n_trials=20)
        stopped = [trial for trial in study.trials if trial.state == "stopped"]
        print(f"after session {session}: {len(study.trials)} trials, some stopped: {len(stopped) > 0}")
    print("first stopped one:", stopped[0].user_attrs)
    print("best is near 0.1:", abs(study.best_params["lr"] - 0.1) < 0.05)
