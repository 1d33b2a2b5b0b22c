"""The heat equation as DeepXDE's examples write it, one initialization after the other.

Usage: pinn_deepxde.py JOB.json. Prints {"seconds", "losses"}: of the trainings alone, and the final loss of every seed. DeepXDE takes the equation at
the points of start and ends, too, so that its loss is not quite ours.
"""

import json
import os
import sys
import time

os.environ["DDE_BACKEND"] = "pytorch"


def main(path):
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import deepxde as dde
    import numpy as np
    import torch

    with open(path) as file:
        job = json.load(file)

    def pde(x, u):
        u_t = dde.grad.jacobian(u, x, i=0, j=1)
        u_xx = dde.grad.hessian(u, x, i=0, j=0)
        return u_t - job["diffusivity"] * u_xx

    def solve(seed, epochs):
        dde.config.set_random_seed(seed)
        time_domain = dde.geometry.TimeDomain(0, job["endTime"])
        domain = dde.geometry.GeometryXTime(dde.geometry.Interval(0, 1), time_domain)
        ends = dde.icbc.DirichletBC(domain, lambda x: 0, lambda _, on_boundary: on_boundary)
        start = dde.icbc.IC(domain, lambda x: np.sin(np.pi * x[:, 0:1]), lambda _, on_initial: on_initial)
        data = dde.data.TimePDE(
            domain, pde, [start, ends],
            num_domain=job["points"], num_boundary=2 * job["edgePoints"], num_initial=job["edgePoints"],
            train_distribution="uniform",
        )
        net = dde.nn.FNN(job["widths"], "tanh", "Glorot uniform")
        model = dde.Model(data, net)
        model.compile(
            "adam", lr=job["learningRate"], loss_weights=[1, job["initialWeight"], job["boundaryWeight"]],
            decay=("cosine", epochs, job["decay"] * job["learningRate"]),
        )
        history, _ = model.train(iterations=epochs, display_every=epochs)
        return float(np.sum(history.loss_train[-1]))

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        solve(0, 20)
        started = time.perf_counter()
        losses = [solve(seed, job["epochs"]) for seed in job["seeds"]]
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "losses": losses, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main(sys.argv[1])
