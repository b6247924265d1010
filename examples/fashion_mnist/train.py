#!/usr/bin/env python3
"""Trains a small neural network on Fashion-MNIST: one hidden layer, SGD with momentum, numpy only."""

import argparse
import gzip
import os
import pathlib
import signal
import sys
import time

import numpy as np

ACTIVATIONS = {
    # name: (function of the input, derivative as a function of the output)
    "relu": (lambda x: np.maximum(x, 0), lambda y: (y > 0).astype(y.dtype)),
    "tanh": (np.tanh, lambda y: 1 - y * y),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda y: y * (1 - y)),
}


def parse_arguments():
    env = os.environ.get
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lr", type=float, default=0.02, help="learning rate (default: %(default)s)")
    parser.add_argument("--momentum", type=float, default=0.9, help="momentum of SGD, 0 to below 1 (default: %(default)s)")
    parser.add_argument("--dropout", type=float, default=0.0, help="share of hidden units dropped (default: %(default)s)")
    parser.add_argument("--hidden", type=int, default=64, help="hidden units (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=64, help="images per step (default: %(default)s)")
    parser.add_argument("--activation", choices=sorted(ACTIVATIONS), default="relu", help="(default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=5, help="passes over the images (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights, shuffling and dropout (default: %(default)s)")
    parser.add_argument("--train-size", type=int, default=20000,
                        help="train on the first N of the 60000 images: a third of them takes seconds and ranks "
                             "settings much as all of them do (default: %(default)s)")
    parser.add_argument("--data-dir", type=pathlib.Path,
                        default=env("SM_CHANNEL_TRAINING", "/usr/share/datasets/fashion-mnist"),
                        help="folder of the four IDX files (default: %(default)s)")
    parser.add_argument("--model-dir", type=pathlib.Path, default=env("SM_MODEL_DIR"),
                        help="where the final model is saved (default: nowhere)")
    parser.add_argument("--checkpoint-dir", type=pathlib.Path, default=env("SM_CHECKPOINT_DIR"),
                        help="saved to after every epoch and resumed from (default: none)")
    return parser.parse_args()


def read_idx(path):
    """The IDX format: two zero bytes, a type byte (8: unsigned byte), the rank, then each dimension."""
    with gzip.open(path) as file:
        content = file.read()
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder, part, size=None):
    images = read_idx(folder / f"{part}-images-idx3-ubyte.gz")[:size]
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte.gz")[:size]
    # 0.286 and 0.353 are the mean and deviation of the training pixels.
    return (images.reshape(len(images), -1).astype(np.float32) / 255 - 0.286) / 0.353, labels


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


class Network:
    def __init__(self, inputs, hidden, outputs, activation, rng):
        def weights(rows, columns):
            return rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(np.sqrt(2 / rows))

        self.activate, self.slope = ACTIVATIONS[activation]
        self.parameters = [weights(inputs, hidden), np.zeros(hidden, np.float32),
                           weights(hidden, outputs), np.zeros(outputs, np.float32)]
        self.velocities = [np.zeros_like(p) for p in self.parameters]

    def step(self, images, labels, lr, momentum, dropout, rng):
        w1, b1, w2, b2 = self.parameters
        hidden = self.activate(images @ w1 + b1)
        # Scaled up while training, so that nothing changes when evaluating.
        mask = (rng.random(hidden.shape, dtype=np.float32) >= dropout) / np.float32(1 - dropout) if dropout else 1
        dropped = hidden * mask

        error = np.exp(log_softmax(dropped @ w2 + b2))
        error[np.arange(len(labels)), labels] -= 1
        error /= len(labels)
        hidden_error = (error @ w2.T) * mask * self.slope(hidden)
        gradients = [images.T @ hidden_error, hidden_error.sum(axis=0), dropped.T @ error, error.sum(axis=0)]

        for parameter, velocity, gradient in zip(self.parameters, self.velocities, gradients):
            velocity *= momentum
            velocity -= lr * gradient
            parameter += velocity

    def evaluate(self, images, labels):
        w1, b1, w2, b2 = self.parameters
        scores = log_softmax(self.activate(images @ w1 + b1) @ w2 + b2)
        loss = -scores[np.arange(len(labels)), labels].mean()
        return loss, int((scores.argmax(axis=1) == labels).sum())


def save(path, **arrays):
    """Writes beside the target and renames, so that a kill leaves the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(temporary, "wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def save_checkpoint(path, network, epoch):
    arrays = {f"parameter{i}": p for i, p in enumerate(network.parameters)}
    arrays.update({f"velocity{i}": v for i, v in enumerate(network.velocities)})
    save(path, epoch=epoch, **arrays)


def load_checkpoint(path, network):
    """The last finished epoch, 0 where there is no checkpoint of a network of this shape."""
    if not path.exists():
        return 0
    with np.load(path) as saved:
        parameters = [saved[f"parameter{i}"] for i in range(len(network.parameters))]
        if any(old.shape != new.shape for old, new in zip(parameters, network.parameters)):
            print(f"{path} is of another network, starting anew", flush=True)
            return 0
        network.parameters = parameters
        network.velocities = [saved[f"velocity{i}"] for i in range(len(parameters))]
        return int(saved["epoch"])


def main():
    args = parse_arguments()
    if not 0 <= args.dropout < 1:
        sys.exit(f"--dropout must be at least 0 and below 1, not {args.dropout}")

    stop_requested = False

    def request_stop(_signal, _frame):
        nonlocal stop_requested
        stop_requested = True

    signal.signal(signal.SIGTERM, request_stop)

    images, labels = load(args.data_dir, "train", args.train_size)
    test_images, test_labels = load(args.data_dir, "t10k")
    network = Network(images.shape[1], args.hidden, 10, args.activation, np.random.default_rng(args.seed))

    def report():
        loss, correct = network.evaluate(test_images, test_labels)
        total = len(test_labels)
        print(f"Test set: Average loss: {loss:.4f}, Accuracy: {correct}/{total} ({100 * correct / total:.0f}%)", flush=True)

    checkpoint = args.checkpoint_dir / "checkpoint.npz" if args.checkpoint_dir else None
    finished = load_checkpoint(checkpoint, network) if checkpoint else 0
    if finished:
        print(f"Epoch {finished}: resumed from {checkpoint}", flush=True)
    if finished >= args.epochs:
        report()

    for epoch in range(finished + 1, args.epochs + 1):
        start = time.monotonic()
        # One stream per epoch: a resumed run goes on exactly as an uninterrupted one.
        rng = np.random.default_rng([args.seed, epoch])
        order = rng.permutation(len(images))
        for first in range(0, len(order), args.batch_size):
            if stop_requested:
                break
            batch = order[first:first + args.batch_size]
            network.step(images[batch], labels[batch], args.lr, args.momentum, args.dropout, rng)
        if stop_requested:
            print("Stopped on request", flush=True)
            break
        print(f"Epoch {epoch}: trained in {time.monotonic() - start:.1f} s", flush=True)
        report()
        if checkpoint:
            save_checkpoint(checkpoint, network, epoch)

    if args.model_dir:
        save(args.model_dir / "model.npz", **dict(zip(("w1", "b1", "w2", "b2"), network.parameters)))


if __name__ == "__main__":
    main()
