"""A search strategy of your own, held to the contract by the kit that tunesmith's own ones pass."""

import random

import tunesmith
from tunesmith.testing import check_strategy


class Neighbours(tunesmith.SearchStrategy):
    """Steps at random around the best trial, ever more finely; uniform draws where that finds nothing new."""

    def __init__(self) -> None:
        super().__init__()
        self.uniform = tunesmith.random_search()

    def name(self) -> str:
        return "neighbours"

    def suggest(self, view: tunesmith.StudyView, count: int = 1) -> list[tunesmith.Suggestion]:
        # One at a time: the next call sees this one as running. What is drawn depends on nothing but the view.
        space, best = view.problem.space, view.best
        if best is not None:
            seen = [trial.params for trial in view.trials]
            rng = random.Random(f"{view.problem.seed} {len(view)}")
            width = 0.5 / (1 + view.count("completed")) ** 0.5
            for _ in range(20):
                point = [rng.gauss(center, width) for center in space.encode(best.params)]
                params = space.decode([min(1, max(0, coordinate)) for coordinate in point])
                if params not in seen and space.satisfies(params):
                    return [tunesmith.Suggestion(params, note=f"beside trial {best.number}")]
        return self.uniform.suggest(view, 1)


if __name__ == "__main__":
    space = tunesmith.Space().add_float("x", 0, 1).add_float("y", 0, 1)
    study = tunesmith.tune(lambda p: (p["x"] - 0.2) ** 2 + (p["y"] - 0.6) ** 2, space, 60, search=Neighbours())
    best = study.best
    assert best is not None and best.value is not None
    print(f"best loss below 0.001: {best.value < 0.001}; {best.note.split(' trial')[0]} another")

    result = check_strategy(Neighbours, trials=20, longest_history=200)
    print("the contract is kept" if result.holds else result.report())
