"""The measured calls in BoTorch's words, which leave trials and storage to the user: a MixedSingleTaskGP (Hamming kernel on
the categoricals), LogExpectedImprovement and optimize_acqf_mixed over the 15 combinations of the categoricals."""

import itertools

import torch
from botorch.acquisition.analytic import LogExpectedImprovement
from botorch.fit import fit_gpytorch_mll
from botorch.models import MixedSingleTaskGP
from botorch.models.transforms import Standardize
from botorch.optim import optimize_acqf_mixed
from gpytorch.mlls import ExactMarginalLogLikelihood

torch.set_num_threads(1)
REPORTS = False
CHOICES = (["a", "b", "c"], ["p", "q", "r", "s", "t"])
CONTINUOUS = 8  # columns in [0, 1]: four floats, two of them on a logarithm, two ints; then the choices' numbers
COMBINATIONS = [
    {CONTINUOUS: float(i), CONTINUOUS + 1: float(j)} for i, j in itertools.product(*map(range, map(len, CHOICES)))
]
BOUNDS = torch.tensor([[0.0] * 10, [1.0] * 8 + [2.0, 4.0]], dtype=torch.double)


class Trials:
    def __init__(self):
        self.points = []
        self.values = []


class Study:
    def __init__(self, sampler, trials):
        self.sampler = sampler
        self.trials = trials
        self.generator = torch.Generator().manual_seed(0)

    def drawn(self):
        point = torch.rand(10, dtype=torch.double, generator=self.generator)
        for column, choices in enumerate(CHOICES, CONTINUOUS):
            point[column] = torch.floor(point[column] * len(choices))
        return point

    def best_expected(self):
        points = torch.stack(self.trials.points)
        values = -torch.tensor(self.trials.values, dtype=torch.double).unsqueeze(-1)  # BoTorch maximises
        model = MixedSingleTaskGP(
            points, values, cat_dims=[CONTINUOUS, CONTINUOUS + 1], outcome_transform=Standardize(m=1)
        )
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        point, _ = optimize_acqf_mixed(
            LogExpectedImprovement(model, best_f=values.max()),
            bounds=BOUNDS,
            q=1,
            num_restarts=10,
            raw_samples=512,
            fixed_features_list=COMBINATIONS,
        )
        return point.squeeze(0).detach()


def store():
    return Trials()


def study(sampler, storage):
    torch.manual_seed(0)
    return Study(sampler, storage)


def ask(made):
    point = made.drawn() if made.sampler == "random" else made.best_expected()
    for column, count in ((6, 64), (7, 10)):  # the model sees the ints that were evaluated
        point[column] = torch.round(point[column] * (count - 1)) / (count - 1)
    unit = point.tolist()
    params = {f"x{i}": unit[i] for i in range(4)}
    params |= {f"l{i}": 10 ** (-5 + 4 * unit[4 + i]) for i in range(2)}
    params |= {"i0": 1 + round(63 * unit[6]), "i1": 1 + round(9 * unit[7])}
    params |= {f"c{k}": choices[int(unit[CONTINUOUS + k])] for k, choices in enumerate(CHOICES)}
    return point, params


def tell(made, point, value):
    made.trials.points.append(point)
    made.trials.values.append(value)
