"""The published JSON Schema and `tunesmith validate` must agree on what a job's structure may be.

Usage: check_schema.py TUNESMITH JOB...; exits with 77 (skipped) where the module jsonschema is missing.
"""

import copy
import json
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skipped: no Python module jsonschema")
    sys.exit(77)

JOB = {
    "name": "schema",
    "command": ["python3", "train.py"],
    "parameters": {
        "lr": {"type": "float", "min": 1e-5, "max": 0.1, "scale": "log"},
        "opt": {"type": "categorical", "values": ["sgd", "adam"]},
        "beta": {"type": "float", "min": 0.1, "max": 0.9, "when": {"opt": "adam"}},
        "epochs": {"type": "fixed", "value": 3},
    },
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
    "objective": {"metric": "loss", "goal": "minimize"},
    "final": "best",
    "strategy": {"name": "bayesian"},
    "budget": {"max_trials": 5, "max_time": 60.5},
}

# Pointer, new value (None removes), whether the job is still good.
CHANGES = [
    ("name", None, False), ("name", "a b", False), ("name", ".a", False), ("name", "a.b-c_d", True),
    ("command", None, True), ("command", [], False), ("command", "python3", False),
    ("parameters", None, False), ("parameters/lr/max", "1", False), ("parameters/lr/step", 0.01, True),
    ("parameters/lr/steps", 2, False), ("parameters/opt/type", "choice", False),
    ("parameters/opt/values", [], False), ("parameters/epochs/value", None, False),
    ("parameters/lr/prior", {"near": 1e-3, "spread": 0.1}, True), ("parameters/lr/prior", {"spread": 0.1}, False),
    ("parameters/lr/prior", {"near": 1e-3, "spread": 0}, False), ("parameters/lr/prior", 1e-3, False),
    ("parameters/opt/prior", {"weights": [3, 1]}, True), ("parameters/opt/prior", {"near": 1}, False),
    ("parameters/opt/prior", {"weights": [3, -1]}, False), ("parameters/epochs/prior", {"near": 3}, False),
    ("cost", "time", True), ("cost", {"metric": "loss"}, True), ("cost", {"metric": ""}, False),
    ("cost", "seconds", False), ("budget/max_cost", 0, False),
    ("parameters/beta/when", {"opt": ["sgd", "adam"]}, True), ("parameters/beta/when", ["opt"], False),
    ("metrics", [], False), ("metrics/0/name", None, False), ("metrics/0/regexp", "x", False),
    ("objective", None, False), ("objective/goal", "smallest", False), ("objective/goal", None, True),
    ("objectives", [{"metric": "loss"}], False), ("outcome_constraints", [{"metric": "loss"}], False),
    ("outcome_constraints", [{"metric": "loss", "max": 3}], True), ("final", {"mean_of_last": 3}, True),
    ("final", {"mean_of_last": 0}, False), ("final", "median", False), ("seed", -1, False),
    ("seed", "18446744073709551615", True), ("strategy", "grids", False), ("strategy", "random", True),
    ("strategy", {}, False), ("strategy/unknown", 1, False), ("budget/max_trials", 0, False),
    ("self_check", {"share": 0}, True), ("self_check", {"share": 1.5}, False), ("self_check", 0.05, False),
    ("self_check", {"min_trials": 2}, False), ("self_check", {"shares": 0}, False),
    ("on_notice", {"command": ["./tell"]}, True), ("on_notice", {}, False),
    ("budget/max_time", 0, False), ("budget/target", -1.5, True), ("budget/minutes", 3, False),
    ("max_parallel", 0, False), ("max_parallel", 4, True), ("keep_best", -1, False),
    ("channels", {"train": "data"}, True), ("channels", {"a/b": "data"}, False),
    ("environment", {"A": 1}, False), ("environment", {"A": "1"}, True), ("json_values", 1, False),
    ("stop_grace", 0, True), ("stop_grace", -1, False), ("time_limit", 0, False),
    ("silence_limit", 10, True), ("extra", 1, False), ("$schema", "job.schema.json", True),
]


def changed(pointer, value):
    job = copy.deepcopy(JOB)
    *parents, last = pointer.split("/")
    place = job
    for step in parents:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return job


def main():
    tunesmith, *files = sys.argv[1:]
    schema = json.loads(subprocess.run([tunesmith, "schema"], check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = []

    def check(name, job, good):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(job, file)
            file.flush()
            status = subprocess.run([tunesmith, "validate", file.name], capture_output=True).returncode
        by_schema = validator.is_valid(job)
        if by_schema != good or status != (0 if good else 2):
            wrong.append(f"{name}: good={good}, schema says {by_schema}, validate exits {status}")

    check("the whole job", JOB, True)
    for pointer, value, good in CHANGES:
        check(f"{pointer} = {json.dumps(value)}", changed(pointer, value), good)
    for path in files:
        with open(path, encoding="utf-8") as file:
            check(path, json.load(file), True)
    print("\n".join(wrong) or f"{len(CHANGES) + 1 + len(files)} jobs agree")
    sys.exit(1 if wrong else 0)


main()
