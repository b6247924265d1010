"""Ray Tune runs the trials, tunesmith suggests them."""

import tempfile

import ray
from ray import tune
from tunesmith.ray import TunesmithSearch


def train(config):
    for epoch in range(1, 4):
        tune.report({"loss": (config["x"] - 1) ** 2 + 1 / epoch})


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    search = TunesmithSearch(strategy="sobol", seed=1)
    with tempfile.TemporaryDirectory() as folder:
        tuner = tune.Tuner(
            train,
            param_space={"x": tune.uniform(-4, 4)},
            tune_config=tune.TuneConfig(
                metric="loss", mode="min", search_alg=search, num_samples=8, max_concurrent_trials=1, reuse_actors=True
            ),
            run_config=tune.RunConfig(storage_path=folder, name="line", verbose=0),
        )
        best = tuner.fit().get_best_result()
    print(f"best: x = {best.config['x']:.2f}; so the study knows: {search.study.best.value == best.metrics['loss']}")
