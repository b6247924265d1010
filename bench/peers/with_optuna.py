"""The measured calls in Optuna's words."""

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
SAMPLERS = {
    "random": lambda: optuna.samplers.RandomSampler(seed=0),
    "model": lambda: optuna.samplers.TPESampler(seed=0),
    "gp": lambda: optuna.samplers.GPSampler(seed=0),
    "tpe": lambda: optuna.samplers.TPESampler(seed=0),
    "cma_es": lambda: optuna.samplers.CmaEsSampler(seed=0, with_margin=True, warn_independent_sampling=False),
}
REPORTS = True


def store(file=None, durability="full"):
    return optuna.storages.RDBStorage(f"sqlite:///{file}") if file else optuna.storages.InMemoryStorage()


def study(sampler, storage):
    return optuna.create_study(study_name="bench", storage=storage, sampler=SAMPLERS[sampler](), load_if_exists=True)


def ask(made):
    trial = made.ask()
    params = {f"x{i}": trial.suggest_float(f"x{i}", 0, 1) for i in range(4)}
    params |= {f"l{i}": trial.suggest_float(f"l{i}", 1e-5, 1e-1, log=True) for i in range(2)}
    params |= {"i0": trial.suggest_int("i0", 1, 64), "i1": trial.suggest_int("i1", 1, 10)}
    params["c0"] = trial.suggest_categorical("c0", ["a", "b", "c"])
    params["c1"] = trial.suggest_categorical("c1", ["p", "q", "r", "s", "t"])
    return trial, params


def report(made, trial, step, value):
    trial.report(value, step)


def tell(made, trial, value):
    made.tell(trial, value)


def copy(storage, file):
    optuna.copy_study(from_study_name="bench", from_storage=storage, to_storage=store(file))


def trials(file):
    made = optuna.load_study(study_name="bench", storage=store(file))
    return [(trial.params, trial.value) for trial in made.get_trials(deepcopy=False)]
