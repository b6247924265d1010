"""The shortest way: a function, a space, a number of trials."""

import tunesmith

space = tunesmith.Space().add_float("x", -5, 5).add_float("y", -5, 5)
study = tunesmith.tune(lambda p: (p["x"] - 1) ** 2 + (p["y"] + 2) ** 2, space, 40)

best = study.best
assert best is not None and best.value is not None
print("40 trials, within 0.1 of the minimum at (1, -2):", str(best.value < 0.01).lower())
