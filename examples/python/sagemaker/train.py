"""A training script in script mode: fits a line by gradient descent and prints its loss, as SageMaker's example does."""

import argparse
import json
import os
import random

parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
parser.add_argument("--data-dir", default=os.environ["SM_CHANNEL_TRAINING"])
args = parser.parse_args()

with open(os.path.join(args.data_dir, "points.json")) as file:
    points = json.load(file)
train, test = points[:600], points[600:]
slope = offset = 0.0
shuffle = random.Random(1)
for epoch in range(1, args.epochs + 1):
    shuffle.shuffle(train)
    for start in range(0, len(train), args.batch_size):
        batch = train[start : start + args.batch_size]
        errors = [(slope * x + offset - y, x) for x, y in batch]
        slope -= args.lr * sum(error * x for error, x in errors) / len(batch)
        offset -= args.lr * sum(error for error, _ in errors) / len(batch)
    loss = sum((slope * x + offset - y) ** 2 for x, y in test) / len(test)
    print(f"Test set: Average loss: {loss:.4f}")
with open(os.path.join(args.model_dir, "model.json"), "w") as file:
    json.dump({"slope": slope, "offset": offset}, file)
