"""tunesmith as a tuner of the sample-efficiency harness: default settings, one for all problems."""

import os

import tunesmith

from adapters.base import Tuner as Base


def space_from(parameters):
    space = tunesmith.Space()
    for parameter in parameters:
        name = parameter["name"]
        if parameter["type"] == "cat":
            space.add_categorical(name, parameter["choices"])
        else:
            add = space.add_int if parameter["type"] == "int" else space.add_float
            add(name, parameter["low"], parameter["high"], scale=parameter.get("scale", "linear"))
    return space


class Tuner(Base):
    name = "tunesmith"
    version = tunesmith.__version__

    def __init__(self, space, seed, budget=100, batch=1):
        super().__init__(space, seed)
        # TUNESMITH_STRATEGY is for comparing strategies with each other; tables show the default.
        strategy = os.environ.get("TUNESMITH_STRATEGY", "auto")
        self.study = tunesmith.Study("bench", space_from(space), metric="value", seed=seed, strategy=strategy)
        self.study.set_budget(max_trials=budget)
        self.runs = []

    def ask(self, k=1):
        self.runs = [self.next_run() for _ in range(k)]
        return [run.params for run in self.runs]

    def next_run(self):
        run = self.study.ask()
        if run is None:  # every configuration has been evaluated; the harness wants one all the same
            best = self.study.best or self.study.trials[0]
            self.study.replicate(best.number)
            run = self.study.ask()
        return run

    def tell(self, configs, values):
        for run, value in zip(self.runs, values, strict=True):
            if value is None:
                self.study.fail(run, "the evaluation failed")
            else:
                self.study.tell(run, value)
