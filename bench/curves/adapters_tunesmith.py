"""tunesmith's Study in the harness of recorded learning curves: ask, report and tell on the harness's clock.

Names: "tunesmith", the default multi-fidelity setting; "tunesmith_<strategy>" any strategy by name, with the number of
epochs where it takes one; "tunesmith_<strategy>+<rule>" with a stopping rule beside it, with its default options and, as
in a job, under the self-check.
"""

import tunesmith

DEFAULT = "multi_fidelity"
ANSWERS = {"keep_going": "continue", "stop": "stop", "pause": "pause"}


def space_of(parameters):
    space = tunesmith.Space()
    for parameter in parameters:
        name, kind = parameter["name"], parameter["type"]
        if kind == "cat":
            space.add_categorical(name, parameter["choices"])
        elif kind == "int":
            space.add_int(name, parameter["lo"], parameter["hi"], scale=parameter["scale"])
        else:
            space.add_float(name, parameter["lo"], parameter["hi"], scale=parameter["scale"])
    return space


def takes(strategy, option):
    for plugin in tunesmith.search_strategies():
        if plugin["name"] == strategy:
            return any(one["name"] == option for one in plugin["options"])
    raise ValueError(f"tunesmith has no strategy {strategy!r}")


class Tuner:
    def __init__(self, problem, seed, strategy, rules):
        self.epochs = problem.E
        options = {"max_resource": problem.E} if takes(strategy, "max_resource") else {}
        self.study = tunesmith.Study(
            "curves",
            space_of(problem.space),
            metric="value",
            final="best",
            strategy=strategy,
            stopping_rules=[tunesmith.self_check_rule([tunesmith.make_stopping_rule(rule)]) for rule in rules],
            seed=seed,
            **options,
        )
        self.runs = {}

    def suggest(self):
        run = self.study.ask()
        if run is None:
            return None
        self.runs[run.number] = run
        return run.number, run.params, int(min(run.until, self.epochs))

    def report(self, number, epoch, value):
        run = self.runs[number]
        answer = ANSWERS[self.study.report(run, epoch, value)]
        if answer != "continue":
            outcome = "paused" if answer == "pause" else "stopped"
            self.study.tell(run, tunesmith.TrialResult(outcome, "asked to"))
        return answer

    def complete(self, number):
        self.study.tell(self.runs[number])


def mk(name):
    setting = name.removeprefix("tunesmith").removeprefix("_") or DEFAULT
    strategy, *rules = setting.split("+")
    return lambda problem, seed, **_: Tuner(problem, seed, strategy, rules)
