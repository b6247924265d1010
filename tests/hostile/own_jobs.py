"""Job files in tunesmith's own schema that are right, and how each may be spoilt."""

import re

from mistakes import Raw, removing, setting

FULL = {
    "$schema": "job.schema.json",
    "name": "everything",
    "description": "every key once",
    "command": ["python3", "train.py"],
    "parameters": {
        "lr": {"type": "float", "min": 1e-5, "max": 0.1, "scale": "log"},
        "dropout": {"type": "float", "min": 0, "max": 0.5, "step": 0.1},
        "layers": {"type": "int", "min": 1, "max": 8, "step": 1, "scale": "linear"},
        "optimizer": {"type": "categorical", "values": ["sgd", "adam"]},
        "size": {"type": "ordinal", "values": ["small", "medium", "large"]},
        "momentum": {"type": "float", "min": 0.5, "max": 0.99, "when": {"optimizer": ["sgd"]}},
        "epochs": {"type": "fixed", "value": 5},
    },
    "constraints": ["layers * lr <= 0.2", "optimizer != 'adam' or dropout < 0.5"],
    "metrics": [{"name": "loss", "regex": "loss: ([0-9.]+)"}, {"name": "memory", "format": "key_value", "key": "mem"}],
    "resource_regex": "epoch ([0-9]+)",
    "objective": {"metric": "loss", "goal": "minimize"},
    "outcome_constraints": [{"metric": "memory", "min": 1, "max": 4000}],
    "final": {"mean_of_last": 2},
    "baseline": {"lr": 0.01, "dropout": 0.1, "layers": 2, "optimizer": "adam", "size": "small"},
    "seed": 7,
    "strategy": {"name": "bayesian", "initial_trials": 6},
    "executor": "subprocess",
    "stopping_rules": [{"name": "median", "min_trials": 4}, "median"],
    "self_check": {"share": 0.1, "least_correlation": 0.2, "min_trials": 5},
    "on_notice": {"command": ["./tell", "--urgent"]},
    "budget": {"max_trials": 20, "max_time": 3600, "target": 0.1, "max_failures_in_a_row": 4},
    "max_parallel": 3,
    "keep_best": 2,
    "channels": {"train": "data/train"},
    "environment": {"LOG_LEVEL": "20"},
    "json_values": False,
    "stop_grace": 5,
    "time_limit": 600,
    "silence_limit": 60,
}

FRONT = {
    "name": "front",
    "parameters": {
        "width": {"type": "int", "min": 1, "max": 1024, "scale": "log"},
        "momentum": {"type": "float", "min": 0.0, "max": 0.999, "scale": "reverse_log"},
        "a/b~c": {"type": "categorical", "values": [True, 3, 0.5, "x"]},
    },
    "metrics": [{"name": "error", "regex": "error=([0-9.]+)"}, {"name": "time", "format": "json_lines"}],
    "objectives": [{"metric": "error", "goal": "minimize"}, {"metric": "time", "goal": "maximize"}],
    "strategy": "random",
    "final": "best",
}

GRID = {
    "name": "grid",
    "command": ["./run"],
    "parameters": {
        "kind": {"type": "categorical", "values": ["a", "b"]},
        "depth": {"type": "int", "min": 1, "max": 4, "when": {"kind": ["a"]}},
        "leaf": {"type": "float", "min": 0, "max": 1, "step": 0.25, "when": {"kind": ["a"], "depth": [3, 4]}},
    },
    "metrics": [{"name": "score", "regex": "score (\\d+)"}],
    "objective": {"metric": "score", "goal": "maximize"},
    "strategy": {"name": "grid"},
    "seed": "18446744073709551615",
}


def also_right(pointer):
    """Types that a place takes beside that of its value here."""
    scalar = {"boolean", "number", "string"}
    kinds = {
        r"/final": {"string", "object"},
        r"/seed": {"integer", "string"},
        r"/strategy|/executor|/stopping_rules/\d+": {"string", "object"},
        r"/parameters/[^/]+/(min|max|step)": {"number"},
        r"/parameters/[^/]+/values/\d+": scalar,
        r"/parameters/[^/]+/value": scalar,
        r"/budget/(max_time|target)|/stop_grace|/time_limit|/silence_limit": {"number"},
        r"/outcome_constraints/\d+/(min|max)": {"number"},
        # Texts of every content; numbers of every size are for the lists below.
        r"/(constraints|command|on_notice/command)/\d+|/description|/\$schema": {"string"},
    }
    return set().union(*(types for pattern, types in kinds.items() if re.fullmatch(pattern, pointer)), set())


def is_fit(mistake):
    """Leaves out junk that is right, or wrong elsewhere too, at its place."""
    harmless = [
        r'/(description|\$schema) = "qqq!"',
        r"(/on_notice)?/command/\d+ = \"qqq!\"",
        r"/parameters/[^/]+/values/\d+ = (true|3\.25|-7|1000000000000000000000000000000|\"qqq!\")",
        r"/parameters/[^/]+/value = .*",
        r"/budget/target = .*",
        r"/(outcome_constraints/\d+|parameters/[^/]+)/(min|max|step) = (3\.25|-7|10+)",
    ]
    return not any(re.fullmatch(pattern, mistake.name) for pattern in harmless)


def missing(document):
    always = ["/name", "/parameters", "/metrics"]
    for pointer in always:
        yield removing(pointer)
    yield removing("/objective" if "objective" in document else "/objectives", ["/objective"])
    for name, parameter in document["parameters"].items():
        step = name.replace("~", "~0").replace("/", "~1")
        keys = {"float": ["min", "max"], "int": ["min", "max"], "fixed": ["value"]}.get(parameter["type"], ["values"])
        for key in ["type", *keys]:
            yield removing(f"/parameters/{step}/{key}")
    for index, metric in enumerate(document["metrics"]):
        yield removing(f"/metrics/{index}/name")
        if "regex" in metric:
            yield removing(f"/metrics/{index}/regex")


# (base, place, value, paths where they are not the place alone)
BY_HAND = [
    (FULL, "/name", "", None),
    (FULL, "/name", "-begins-with-a-hyphen", None),
    (FULL, "/name", "../../etc/passwd", None),
    (FULL, "/name", "n" * 101, None),
    (FULL, "/command", [], None),
    (FULL, "/parameters", {}, None),
    (FULL, "/parameters/lr/type", "flaot", None),
    (FULL, "/parameters/lr/min", 0, None),
    (FULL, "/parameters/lr/min", -1e-5, None),
    (FULL, "/parameters/lr/max", 1e-6, None),
    (FULL, "/parameters/lr/scale", "logarithmic", None),
    (FULL, "/parameters/lr/min", Raw("1e400"), None),
    (FULL, "/parameters/lr/max", Raw("NaN"), ["(document)"]),
    (FULL, "/parameters/lr/max", Raw("Infinity"), ["(document)"]),
    (FULL, "/parameters/lr/max", Raw("0x10"), ["(document)"]),
    (FULL, "/parameters/lr/max", Raw("01"), ["(document)"]),
    (FULL, "/parameters/dropout/step", 0, None),
    (FULL, "/parameters/dropout/step", -0.1, None),
    (FULL, "/parameters/layers/step", 0, None),
    (FULL, "/parameters/layers/step", 0.5, None),
    (FULL, "/parameters/layers/min", Raw("1e19"), None),
    (FULL, "/parameters/layers/max", Raw("9223372036854775808"), None),
    (FULL, "/parameters/layers/max", Raw("18446744073709551616"), None),
    (FULL, "/parameters/layers/max", 8.5, None),
    (FULL, "/parameters/optimizer/values", [], None),
    (FULL, "/parameters/size/values/2", "small", None),
    (FULL, "/parameters/momentum/when/optimizer", [], None),
    (FULL, "/parameters/momentum/when/optimizer", ["lion"], ["/parameters/momentum/when/optimizer/0"]),
    (FULL, "/parameters/momentum/when", {"optimiser": ["sgd"]}, ["/parameters/momentum/when/optimiser"]),
    (FULL, "/parameters/momentum/when", {"momentum": [0.5]}, ["/parameters/momentum/when/momentum"]),
    (FULL, "/constraints/0", "", None),
    (FULL, "/constraints/0", "layers *", None),
    (FULL, "/constraints/0", "layerz <= 4", None),
    (FULL, "/constraints/0", "layers", None),
    (FULL, "/constraints/0", "import os", None),
    (FULL, "/constraints/0", "optimizer < 3", None),
    (FULL, "/constraints/0", "(" * 5000 + "lr" + ")" * 5000 + " < 1", None),
    (FULL, "/metrics", [], None),
    (FULL, "/metrics/0/regex", "loss: ([0-9.]+", None),
    (FULL, "/metrics/0/regex", "loss: [0-9.]+", None),
    (FULL, "/metrics/0/regex", "((((x{100}){100}){100}){100})", None),
    (FULL, "/metrics/0/regex", r"(\pL{1000})(", None),
    (FULL, "/metrics/0/regex", "", None),
    (FULL, "/metrics/0/name", "", None),
    (FULL, "/metrics/1/format", "xml", None),
    (FULL, "/metrics/1/name", "loss", ["/metrics/1/name", "/outcome_constraints/0/metric"]),
    (FULL, "/resource_regex", "epoch [0-9]+", None),
    (FULL, "/resource_regex", "epoch (", None),
    (FULL, "/objective/goal", "minimise", None),
    (FULL, "/objective/metric", "los", None),
    (FULL, "/outcome_constraints/0/metric", "memry", None),
    (FULL, "/outcome_constraints/0/min", 5000, ["/outcome_constraints/0/max"]),
    (FULL, "/final", "lst", None),
    (FULL, "/final/mean_of_last", 0, None),
    (FULL, "/baseline/lr", 1, None),
    (FULL, "/baseline/layers", 9, None),
    (FULL, "/baseline/layers", 2.5, None),
    (FULL, "/baseline/dropout", 0.15, None),
    (FULL, "/baseline/optimizer", "lion", None),
    (FULL, "/baseline/momentum", 0.9, None),
    (FULL, "/baseline/lrr", 0.1, None),
    (FULL, "/seed", -1, None),
    (FULL, "/seed", Raw("18446744073709551616"), None),
    (FULL, "/seed", "12x", None),
    (FULL, "/seed", "-3", None),
    (FULL, "/strategy/name", "bayes", None),
    (FULL, "/strategy/initial_trials", -1, None),
    (FULL, "/strategy", {"initial_trials": 3}, ["/strategy/name"]),
    (FULL, "/strategy", "grid", ["/parameters/lr", "/parameters/momentum"]),
    (FULL, "/executor", "slurm", None),
    (FULL, "/executor", {"name": "subprocess", "partition": "x"}, ["/executor/partition"]),
    (FULL, "/stopping_rules/0/min_trials", 0, None),
    (FULL, "/stopping_rules/1", "medain", None),
    (FULL, "/stopping_rules/1", "overfit", ["/stopping_rules/1/train_metric"]),
    (FULL, "/stopping_rules/1", {"name": "stalled_training", "action": "mail"}, ["/stopping_rules/1/action"]),
    (FULL, "/self_check/share", 1.5, None),
    (FULL, "/self_check/min_trials", 2, None),
    (FULL, "/on_notice", {}, ["/on_notice/command"]),
    (FULL, "/on_notice/webhook", "https://example.org", None),
    (FULL, "/on_notice", {"webhook": "ftp://example.org"}, ["/on_notice/webhook"]),
    (FULL, "/budget/max_trials", 0, None),
    (FULL, "/budget/max_trials", Raw("1e19"), None),
    (FULL, "/budget/max_time", 0, None),
    (FULL, "/budget/max_time", -1, None),
    (FULL, "/budget/max_failures_in_a_row", 0, None),
    (FULL, "/max_parallel", 0, None),
    (FULL, "/max_parallel", 2147483648, None),
    (FULL, "/keep_best", -1, None),
    (FULL, "/channels/tr ain", "data", None),
    (FULL, "/channels/train", "", None),
    (FULL, "/environment/A=B", "c", None),
    (FULL, "/environment/LOG_LEVEL", "a\0b", None),
    (FULL, "/command/1", "a\0b", None),
    (FULL, "/stop_grace", -1, None),
    (FULL, "/time_limit", 0, None),
    (FULL, "/silence_limit", 0, None),
    (FULL, "/objectives", [{"metric": "loss", "goal": "minimize"}], ["/objective"]),
    (FRONT, "/objectives/1/metric", "error", None),
    (FRONT, "/objectives", [], None),
    (FRONT, "/parameters/momentum/max", 1, None),
    (FRONT, "/parameters/momentum/min", -0.5, None),
    (FRONT, "/parameters/width/scale", "reverse_log", None),
    (FRONT, "/parameters/width/min", 0, None),
    (FRONT, "/parameters/a~1b~0c/values/1", True, None),
    (GRID, "/parameters/leaf/when/depth/1", 5, None),
    (GRID, "/parameters/leaf/when/depth/1", "4", None),
    (GRID, "/parameters/kind/values", ["b", "c"], ["/parameters/depth/when/kind/0", "/parameters/leaf/when/kind/0"]),
    (GRID, "/strategy/name", "gird", None),
]


def by_hand(base):
    return [setting(place, value, paths) for of, place, value, paths in BY_HAND if of is base]
