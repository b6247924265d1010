"""The measured calls in rustuna's words. It has no reports on the way."""

import rustuna

SAMPLERS = {
    "random": lambda: rustuna.samplers.RandomSampler(seed=0),
    "model": lambda: rustuna.samplers.TPESampler(seed=0),
    "tpe": lambda: rustuna.samplers.TPESampler(seed=0),
}
REPORTS = False


def store(file=None, durability="full"):
    return rustuna.storages.SQLite3Storage(file) if file else rustuna.storages.InMemoryStorage()


def study(sampler, storage):
    return rustuna.create_study(study_name="bench", storage=storage, sampler=SAMPLERS[sampler](), load_if_exists=True)


def ask(made):
    trial = made.ask()
    params = {f"x{i}": trial.suggest_float(f"x{i}", 0, 1) for i in range(4)}
    params |= {f"l{i}": trial.suggest_float(f"l{i}", 1e-5, 1e-1, log=True) for i in range(2)}
    params |= {"i0": trial.suggest_int("i0", 1, 64), "i1": trial.suggest_int("i1", 1, 10)}
    params["c0"] = trial.suggest_categorical("c0", ["a", "b", "c"])
    params["c1"] = trial.suggest_categorical("c1", ["p", "q", "r", "s", "t"])
    return trial, params


def tell(made, trial, value):
    made.tell(trial.number, value)


def copy(storage, file):
    rustuna.copy_study(from_study_name="bench", from_storage=storage, to_storage=store(file))


def trials(file):
    made = rustuna.load_study(study_name="bench", storage=store(file))
    return [(trial.params, trial.value) for trial in made.get_trials()]
