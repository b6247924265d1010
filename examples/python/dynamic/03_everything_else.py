"""Ask and tell, starting points, failures, several objectives, callbacks and threads."""

import tunesmith

# One's own loop, with a starting point.
study = tunesmith.create_study(direction="maximize", strategy="random", seed=1)
study.enqueue_trial({"n": 4})
for _ in range(3):
    trial = study.ask()
    if trial is None:  # the space is exhausted
        break
    n = trial.suggest_int("n", 1, 4)
    record = study.tell(trial, n * n)
    print("asked and told:", record.number, record.value == n * n)


# Exceptions that only cost their trial.
def fragile(trial: tunesmith.DynamicTrial) -> float:
    if trial.suggest_int("batch", 1, 8) > 4:
        raise MemoryError("too large")
    return 1.0


study = tunesmith.create_study(strategy="grid")
study.optimize(fragile, n_trials=100, catch=MemoryError)
failed = [trial for trial in study.trials if trial.state == "failed"]
print(len(study.trials), "trials,", len(failed), "failed:", failed[0].reason.splitlines()[0])


# Several objectives, on threads, until a callback has seen enough.
def two(trial: tunesmith.DynamicTrial) -> tuple[float, float]:
    x = trial.suggest_float("x", 0, 1)
    return x, (1 - x) ** 2


def enough(study: tunesmith.DynamicStudy, record: tunesmith.TrialRecord) -> None:
    if record.number >= 20:
        study.stop()


study = tunesmith.create_study(directions=["minimize", "minimize"], strategy="evolution")
study.optimize(two, n_jobs=4, callbacks=[enough])
print("a front of many:", len(study.best_trials) > 10)
