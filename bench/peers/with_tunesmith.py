"""The measured calls in tunesmith's words."""

import tunesmith

SAMPLERS = {"random": "random", "model": "bayesian", "gp": "bayesian", "tpe": "tpe", "cma_es": "cma_es"}
REPORTS = True


def space():
    made = tunesmith.Space()
    for i in range(4):
        made.add_float(f"x{i}", 0, 1, scale="linear")
    for i in range(2):
        made.add_float(f"l{i}", 1e-5, 1e-1, scale="log")
    made.add_int("i0", 1, 64, scale="linear").add_int("i1", 1, 10, scale="linear")
    made.add_categorical("c0", ["a", "b", "c"]).add_categorical("c1", ["p", "q", "r", "s", "t"])
    return made


def store(file=None, durability="full"):
    return tunesmith.open_store(f"sqlite:{file}?durability={durability}" if file else "memory:")


def study(sampler, storage):
    return tunesmith.Study("bench", space(), metric="loss", strategy=SAMPLERS[sampler], store=storage)


def ask(made):
    run = made.ask()
    return run, run.params


def report(made, run, step, value):
    made.report(run, step, value)


def tell(made, run, value):
    made.tell(run, value)


def copy(storage, file):
    origin = storage.open_study("bench", "")
    to = store(file)
    copied = to.open_study("bench", origin.problem_json).key
    after = 0
    while events := storage.events_since(origin.key, after, 10000):
        to.append(copied, [stored.event for stored in events], tunesmith.Precondition())
        after = events[-1].sequence


def trials(file):
    return [(trial.params, trial.value) for trial in tunesmith.read_study(store(file), "bench").trials]
