"""A trainer that tunes itself, in its own process: a small network on Fashion-MNIST that reports every epoch and ends
early when it is told to."""

import pathlib
import sys

import numpy as np

import tunesmith

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fashion_mnist"))
import train as trainer

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
EPOCHS = 4


def main():
    images, labels = trainer.load(DATA, "train", 3000)
    test_images, test_labels = trainer.load(DATA, "t10k", 2000)

    def train(run, reporter):
        params = run.params
        rng = np.random.default_rng(1)
        network = trainer.Network(images.shape[1], params["hidden"], 10, params["activation"], rng)
        for epoch in range(1, EPOCHS + 1):
            order = rng.permutation(len(images))
            for first in range(0, len(order), 64):
                batch = order[first : first + 64]
                network.step(images[batch], labels[batch], params["lr"], 0.9, 0, rng)
            loss, correct = network.evaluate(test_images, test_labels)
            # A loss that is not finite fails the trial, as it should.
            if reporter.report(epoch, {"loss": loss, "accuracy": correct / len(test_labels)}) == "stop":
                break
        return None  # what was reported counts

    space = (
        tunesmith.Space()
        .add_float("lr", 1e-4, 1, scale="log")
        .add_int("hidden", 8, 64, scale="log")
        .add_categorical("activation", ["relu", "tanh"])
    )
    study = tunesmith.Study(
        "fashion-mnist", space, metric="loss", seed=9, stopping_rules=[tunesmith.median_rule(min_trials=3)]
    )
    result = tunesmith.Tuner(study, tunesmith.thread_pool_executor(train), max_trials=12).run()

    view = result.view
    print(result.explanation)
    print("accuracy of the best above 75 %:", view.best.metrics["accuracy"] > 0.75)
    print("some were stopped early:", view.count("stopped") > 0)
    stopped = [trial for trial in view.trials if trial.state == "stopped"]
    print("and those were worse than the best:", all(trial.value > view.best.value for trial in stopped))


if __name__ == "__main__":
    main()
