"""A tuning job from JSON text, as the command runs it: every mistake at once, then the job."""

import json
import sys
import tempfile
from typing import Any

import tunesmith

job: dict[str, Any] = {
    "name": "from-json",
    "command": [sys.executable, "-c", "import sys; print('loss:', (float(sys.argv[2]) - 0.5) ** 2)"],
    "parameters": {"x": {"type": "float", "min": 1, "max": 0, "scale": "logarithmic"}},
    "metrics": [{"name": "loss", "regex": "loss: ([0-9.e-]+)"}],
    "objective": {"metric": "loss", "goal": "minimise"},
    "strategy": {"name": "sobol"},
    "budget": {"max_trials": 8},
    "seed": 7,
}
for mistake in tunesmith.validate_job(json.dumps(job)):
    print(f"{mistake.path} (allowed: {mistake.allowed})")

job["parameters"]["x"] = {"type": "float", "min": 0, "max": 1}
job["objective"]["goal"] = "minimize"
loaded = tunesmith.load_job(json.dumps(job))
with tempfile.TemporaryDirectory() as loaded.folder:
    study, tuner = tunesmith.open_job(loaded, "memory:")
    result = tuner.run()
print(result.explanation)
best = study.best
assert best is not None
print(f"best: x = {best.params['x']:.3f}, loss = {best.value:.4f}")
