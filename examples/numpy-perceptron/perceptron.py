"""Rosenblatt's perceptron in NumPy on two clouds of points: does the rate matter, and does the initialization?

pip install "./clients/python[frames]"
python examples/numpy-perceptron/perceptron.py
"""

import argparse
from typing import Annotated

import numpy

import basin


@basin.experiment(
    id="numpy-perceptron",
    metrics={"errors": {"unit": "%"}, "accuracy": {"unit": "%", "series": False}},
    objective=("accuracy", "maximize"),
    success={
        "text": "at most one point in twenty is on the wrong side",
        "all": [{"metric": "accuracy", "op": ">=", "value": 95}],
    },
    step_unit="epoch",
    labels=["line"],
)
def perceptron(
    run: basin.TrainingRun,
    learning_rate: Annotated[float, basin.Param(minimum=1e-4, maximum=10)] = 0.1,
    gap: Annotated[
        float,
        basin.Param(
            minimum=0,
            maximum=4,
            unit="σ",
            description="Distance of the clouds' centres",
        ),
    ] = 2.5,
    epochs: Annotated[int, basin.Param(minimum=1, maximum=1000, unit="epoch")] = 20,
) -> dict[str, float]:
    """A perceptron (Rosenblatt 1958): w ← w + η (y − ŷ) x, a point at a time."""
    data = numpy.random.default_rng(1)
    labels = numpy.repeat([0, 1], 100)
    points = data.normal(size=(200, 2)) + gap * (labels[:, None] - 0.5)
    inputs = numpy.hstack([points, numpy.ones((200, 1))])

    random = numpy.random.default_rng(run.seed)
    weights = random.normal(size=3)
    for epoch in range(epochs):
        wrong = 0
        for i in random.permutation(200):
            guess = int(inputs[i] @ weights > 0)
            wrong += guess != labels[i]
            weights = weights + learning_rate * (labels[i] - guess) * inputs[i]
        run.log(epoch, errors=100 * wrong / 200)
        if run.should_stop():
            run.checkpoint(weights.tobytes())
            break
    run.weights({"weights": weights.astype("float32")})
    run.label("line", f"{weights[0]:.3g} x + {weights[1]:.3g} y + {weights[2]:.3g} = 0")
    return {"accuracy": 100 * float(numpy.mean((inputs @ weights > 0) == labels))}


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, default=5)
    seeds = options.parse_args().seeds
    sweep = basin.connect().submit(
        perceptron,
        space={"learning_rate": [0.01, 0.1, 1.0], "gap": [1.5, 2.5, 3.5]},
        seeds=seeds,
    )
    basin.work(perceptron, sweep=sweep)
    print(sweep.wait().results(group_by=["gap", "learningRate"]))
    print(sweep.url)
