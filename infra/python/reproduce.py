#!/usr/bin/env python3
"""Learns a history again, outside of Millrace, and compares: the progressive log-loss, and every weight.

    reproduce.py --history history --spec movies.yaml --weights weights.csv

The model is FTRL with hashed ids, numbers without bins and rewards of 1: what differs is told. docs/python.md.
"""

import argparse
import math
import sys

import numpy as np
import yaml

import millrace_history as history

f32 = np.float32


class Ftrl:
    """FTRL-Proximal as Millrace computes it: floats for each weight, doubles for predictions."""

    def __init__(self, model):
        alpha, beta = float(model.get("alpha", 0.1)), float(model.get("beta", 1))
        self.l1 = f32(model.get("l1", 0))
        self.rate = f32(1 / alpha)
        self.curvature = f32(beta / alpha + float(model.get("l2", 0)))
        self.rows = {}

    def margin(self, x):
        total = 0.0
        for row, value in x:
            total += float(self.rows.get(row, ZERO)[0]) * float(value)
        return total

    def predict(self, x):
        return probability(self.margin(x))

    def learn(self, x, slope):
        for row, value in distinct(x):
            w, z, n, root = self.rows.get(row, ZERO)
            gradient = f32(slope) * value
            grown = n + gradient * gradient
            new_root = np.sqrt(grown)
            z = z + gradient - (new_root - root) * self.rate * w
            self.put(row, z, grown, new_root)

    def correct(self, x, label, replaced):
        """Takes the step of the replaced label back, from the margin that it began at, and makes the right one."""
        coordinates = [(row, float(value), [float(c) for c in self.rows.get(row, ZERO)]) for row, value in distinct(x)]
        self.check(coordinates, self.margin(x), replaced)
        then = began(lambda margin: self.undo(coordinates, margin, replaced)[1], self.margin(x))
        slope = probability(then) - label
        for (row, value, _), (w, z, n) in zip(coordinates, self.undo(coordinates, then, replaced)[0]):
            grown = n + slope * value * (slope * value)
            root = math.sqrt(grown)
            z = z + slope * value - (root - math.sqrt(n)) * float(self.rate) * w
            pull = root * float(self.rate) + float(self.curvature)
            w = 0.0 if abs(z) <= self.l1 or pull == 0 else (math.copysign(self.l1, z) - z) / pull
            self.rows[row] = (f32(w), f32(z), f32(grown), np.sqrt(f32(grown)))

    def check(self, coordinates, margin, label):
        """Only where one margin alone can have led here; the trainer knows others, too."""
        most = min([math.sqrt(n) / abs(value) for _, value, (_, _, n, _) in coordinates if value] or [0.0])
        odds = math.log(most / (1 - most)) if 0 < most < 1 else math.copysign(35.0, most - 0.5)
        before, _ = self.undo(coordinates, -odds if label else odds, label)
        rates = sum(value * value / (math.sqrt(n) * float(self.rate) + float(self.curvature))
                    for (_, value, _), (_, _, n) in zip(coordinates, before))
        if rates / 4 >= 0.9:
            raise SystemExit("a correction of an example of {} elements (expected: rates below 3.6, here {:.3g})".format(
                len(coordinates), rates))

    def undo(self, coordinates, margin, label):
        """What the coordinates were, had the step been made at a margin, and the margin that they give."""
        slope, rate, curvature = probability(margin) - label, float(self.rate), float(self.curvature)
        before, total = [], 0.0
        for _, value, (_, z, n, root) in coordinates:
            n = max(0.0, n - slope * value * (slope * value))
            pull = math.sqrt(n) * rate + curvature
            ratio = 0.0 if pull == 0 else (root - math.sqrt(n)) * rate / pull
            q = z - slope * value
            z = q if abs(q) <= self.l1 else (q + math.copysign(self.l1, q) * ratio) / (1 + ratio)
            w = 0.0 if abs(z) <= self.l1 or pull == 0 else (math.copysign(self.l1, z) - z) / pull
            before.append((w, z, n))
            total += w * value
        return before, total

    def put(self, row, z, n, root):
        w = (max(-self.l1, min(self.l1, z)) - z) / (root * self.rate + self.curvature)
        self.rows[row] = (f32(w), f32(z), f32(n), f32(root))


def probability(margin):
    return 1 / (1 + math.exp(-max(-35.0, min(35.0, margin))))


def began(undone, today):
    """The margin at which a step was made: the root of what undoing it gives, less that margin."""
    near, height = today, undone(today) - today
    if height == 0:
        return today
    step = math.copysign(0.125, height)
    for _ in range(40):
        far = near + step
        other = undone(far) - far
        if other == 0:
            return far
        if (other > 0) != (height > 0):
            return root(undone, near, height, far, other)
        near, height, step = far, other, step * 2
    raise SystemExit("a correction of an example that cannot have been learned as it says")


def root(undone, near, near_height, far, far_height):
    """By false position, where an end that stays counts half."""
    moved = 0
    for _ in range(60):
        middle = (near * far_height - far * near_height) / (far_height - near_height)
        height = undone(middle) - middle
        if abs(height) <= 1e-12 * (1 + abs(middle)):
            break
        if (height > 0) == (far_height > 0):
            far, far_height = middle, height
            near_height = near_height / 2 if moved > 0 else near_height
            moved = 1
        else:
            near, near_height = middle, height
            far_height = far_height / 2 if moved < 0 else far_height
            moved = -1
    return middle


ZERO = (f32(0), f32(0), f32(0), f32(0))


def distinct(x):
    """A row that occurs twice is one coordinate whose value is the sum."""
    values = {}
    for row, value in x:
        values[row] = values[row] + value if row in values else value
    return values.items()


class Elements:
    """From a row of the history to (row of the table, value): the constant, each feature's elements, then crosses."""

    def __init__(self, spec, columns):
        model, decision = spec.get("model", {}), spec["decision"]
        if model.get("learner", "auto") != "ftrl" or spec.get("bins") or "ids" in model or "offset" in model:
            raise SystemExit("model: {} (expected: learner ftrl, without bins, exact ids and offset)".format(model))
        kinds = {**decision.get("context", {}), **decision["candidate"], decision["subject"]: "categorical"}
        self.features = [(name[len("f_"):], name) for name in columns if name.startswith("f_")]
        for name, _ in self.features:
            if kinds.get(name) not in ("categorical", "categorical_set", "numeric"):
                raise SystemExit("feature {}: {} (expected: categorical, categorical_set or numeric)".format(
                    name, kinds.get(name)))
        self.kinds = kinds
        self.crosses = spec.get("crosses", [])
        self.seed, self.bits = int(model.get("seed", 0)), int(model.get("bits", 22))

    def row(self, id):
        return history.row(self.seed, self.bits, id)

    def of(self, example):
        found = {name: self.feature(name, example[column]) for name, column in self.features}
        terms = [(history.CONSTANT, f32(1))]
        for name, _ in self.features:
            terms += found[name]
        for cross in self.crosses:
            combined = found[cross[0]]
            for part in cross[1:]:
                combined = [(history.combine(a, b), x * y) for a, x in combined for b, y in found[part]]
            terms += combined
        return [(self.row(id), value) for id, value in terms]

    def feature(self, name, value):
        if not isinstance(value, (list, np.ndarray)) and history.pd.isna(value):
            return []
        if self.kinds[name] == "numeric":
            inner = math.copysign(math.log1p(abs(float(value))), float(value))
            return [(history.feature_hash(name, ""), f32(inner))]
        hashes = value if self.kinds[name] == "categorical_set" else [value]
        return [(history.unsigned(int(hash)), f32(1)) for hash in hashes]


def learn(examples, spec):
    """Predicts each example, then learns it, in the order of the log."""
    elements, model = Elements(spec, examples.columns), Ftrl(spec.get("model", {}))
    losses = []
    for example in examples.to_dict("records"):
        reward, weight = example["reward"], example["weight"]
        if weight * (reward if reward > 0 else 1) != 1:
            raise SystemExit("example at offset {}: reward {}, weight {} (expected: an importance of 1)".format(
                example["kafka_offset"], reward, weight))
        x = elements.of(example)
        prediction, label = model.predict(x), 1.0 if reward > 0 else 0.0
        if example["kind"] == "CORRECTION":
            before = example["replaced_reward"]
            if weight * (before if before > 0 else 1) != 1:
                raise SystemExit("example at offset {}: it replaces reward {}, weight {} (expected: an importance of 1)".format(
                    example["kafka_offset"], before, weight))
            replaced = 1.0 if before > 0 else 0.0
            model.correct(x, label, replaced)
        else:
            losses.append(-math.log(prediction if label else 1 - prediction))
            model.learn(x, prediction - label)
    return model, sum(losses) / len(losses)


def main():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--history", required=True)
    flags.add_argument("--spec", required=True)
    flags.add_argument("--weights", required=True)
    given = flags.parse_args()
    with open(given.spec) as text:
        spec = yaml.safe_load(text)
    about, exported = history.weights(given.weights)
    examples = history.read(given.history, "examples")
    examples = examples[examples["kafka_partition"] == int(about["shard"])].sort_values("kafka_offset")
    examples = examples[examples["kafka_offset"] < int(about["offset"])]
    if examples["packed_features"].notna().any():
        raise SystemExit("examples of another feature set (expected: those of the spec only)")
    model, loss = learn(examples, spec)
    learned = history.pd.DataFrame.from_dict(
        {row: values for row, values in model.rows.items() if any(values)}, orient="index", columns=["w", "z", "n", "root_n"])
    both = exported.join(learned, rsuffix="_again", how="outer")
    away = (both["w"].fillna(0) - both["w_again"].fillna(0)).abs().max()
    print("examples      {:,}".format(len(examples)))
    print("log-loss      {:.12f}, the trainer's {:.12f}".format(loss, float(about["mean_loss"])))
    print("weights       {:,}, the trainer's {:,}, farthest apart {:.3g}".format(len(learned), len(exported), away))
    print("bit-equal     {:,}".format(int((both["w"] == both["w_again"]).sum())))
    right = abs(loss - float(about["mean_loss"])) < 1e-9 and away < 1e-6 and len(learned) == len(exported)
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
