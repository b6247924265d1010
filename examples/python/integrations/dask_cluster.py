"""Trials on a Dask cluster, here one on this machine."""

import distributed
import tunesmith
from tunesmith.dask import DaskExecutor


def train(run, reporter):
    for epoch in range(1, 4):
        reporter.report(epoch, (run.params["x"] - 1) ** 2 + 1 / epoch)


if __name__ == "__main__":
    space = tunesmith.Space().add_float("x", -4, 4)
    study = tunesmith.Study("dask", space, metric="loss", strategy="sobol", seed=1)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            result = tunesmith.Tuner(study, DaskExecutor(client, train), max_trials=16).run()
    print(result.explanation)
    print(f"best: x = {result.view.best.params['x']:.2f}")
