"""The job of the heat equation as both hand-written scripts read it: points, weights of the loss, and the networks to start from or to check."""

import math

import numpy as np


def points(job):
    """interior [n, 2], start [m, 2] with its values [m, 1], ends [k, 2]: float32, place first, then time."""
    return [np.load(f"{job['folder']}/{name}.npy") for name in ("interior", "start", "startValues", "ends")]


def glorot(job, seed):
    """Weight [in, out] and bias [1, out] of every layer."""
    random = np.random.default_rng(seed)
    layers = []
    for fan_in, fan_out in zip(job["widths"], job["widths"][1:]):
        limit = math.sqrt(6 / (fan_in + fan_out))
        layers += [random.uniform(-limit, limit, (fan_in, fan_out)).astype(np.float32), np.zeros((1, fan_out), np.float32)]
    return layers


def given(job):
    """The networks whose loss is asked for, one list of layers each."""
    count = 2 * (len(job["widths"]) - 1)
    return [
        [np.load(f"{job['folder']}/checked-{network}-{i}.npy") for i in range(count)] for network in range(job["checked"])
    ]


def rate(job, epoch):
    """Falls from the learning rate to the share `decay` of it along half a cosine."""
    share, last = job["decay"], max(1, job["epochs"] - 1)
    return job["learningRate"] * (share + (1 - share) * (1 + math.cos(math.pi * epoch / last)) / 2)
