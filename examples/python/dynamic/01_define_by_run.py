"""An objective that asks for its parameters as it goes, with plain conditions and loops; the space is learned from it."""

import tunesmith


def objective(trial: tunesmith.DynamicTrial) -> float:
    x = trial.suggest_float("x", -3, 3)
    if trial.suggest_categorical("model", ["line", "bowl"]) == "line":
        return 5 + x
    layers = trial.suggest_int("layers", 1, 3)
    width = sum(trial.suggest_float(f"width_{i}", 0.5, 2) for i in range(layers))
    return (x - trial.suggest_float("centre", 0, 0.9, scale="reverse_log")) ** 2 + width


study = tunesmith.create_study(seed=1)
study.optimize(objective, n_trials=60)

print("best model:", study.best_params["model"], "with", study.best_params["layers"], "layer")
print("better than 0.7:", study.best_value < 0.7)
for parameter in study.space.parameters:
    print(parameter.name, parameter.when or "")
