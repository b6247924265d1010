"""Your own loop: ask for a trial, report as it goes, tell how it ended."""

import tunesmith

space = tunesmith.Space().add_float("x", -3, 3).add_categorical("shape", ["bowl", "slope"])
study = tunesmith.Study(
    "ask-tell", space, metric="loss", strategy="random", seed=4, stopping_rules=[tunesmith.median_rule(min_trials=3)]
)
study.set_budget(max_trials=12)
study.enqueue({"x": 0.5, "shape": "bowl"}, "a guess")

while (run := study.ask()) is not None:
    x, shape = run.params["x"], run.params["shape"]
    if shape == "bowl" and x < -2.5:
        study.tell(run, tunesmith.TrialResult("infeasible", "falls off the edge"))
        continue
    final = (x - 1) ** 2 if shape == "bowl" else 3 + x
    for epoch in range(1, 5):
        if study.report(run, epoch, final + 1 / epoch) == "stop":
            study.tell(run, tunesmith.TrialResult("stopped", "not worth its time"))
            break
    else:
        study.tell(run)  # what was reported counts

for trial in study.trials:
    value = "-" if trial.value is None else f"{trial.value:.3f}"
    line = f"{trial.number:2} {trial.params['shape']:5} {trial.params['x']:6.3f} {value:>6} {trial.state} {trial.note}"
    print(line.rstrip())
print(f"{study.nothing_now}: {study.why_spent}; best is trial {study.best.number}")
