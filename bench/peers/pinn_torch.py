"""The heat equation by networks that are stacked and mapped over with torch.func; derivatives by forward mode, gradients by reverse mode.

Usage: pinn_torch.py JOB.json. Worker processes import and train a little first; the clock runs from the word to go until the last has ended. Prints
{"seconds", "losses", "checked"}: the final loss of every seed, and that of the networks in the job.
"""

import json
import subprocess
import sys
import time

import heat_problem


def worker(path, seeds, threads):
    import torch
    from torch.func import grad_and_value, jvp, vmap

    torch.set_num_threads(threads)
    with open(path) as file:
        job = json.load(file)
    interior, start, start_values, ends = (torch.from_numpy(values) for values in heat_problem.points(job))
    along_x, along_t = (torch.zeros_like(interior) for _ in range(2))
    along_x[:, 0] = 1
    along_t[:, 1] = 1

    def network(layers, at):
        for i in range(0, len(layers) - 2, 2):
            at = torch.tanh(at @ layers[i] + layers[i + 1])
        return at @ layers[-2] + layers[-1]

    def loss(layers):
        def u(at):
            return network(layers, at)

        def u_x(at):
            return jvp(u, (at,), (along_x,))[1]

        u_xx = jvp(u_x, (interior,), (along_x,))[1]
        u_t = jvp(u, (interior,), (along_t,))[1]
        return (
            ((u_t - job["diffusivity"] * u_xx) ** 2).mean()
            + job["initialWeight"] * ((u(start) - start_values) ** 2).mean()
            + job["boundaryWeight"] * (u(ends) ** 2).mean()
        )

    step = vmap(grad_and_value(loss))

    def stacked(networks):
        return tuple(torch.stack([torch.from_numpy(net[i]) for net in networks]) for i in range(len(networks[0])))

    def train(epochs):
        layers = [one.requires_grad_() for one in stacked([heat_problem.glorot(job, seed) for seed in seeds])]
        optimizer = torch.optim.Adam(layers, lr=job["learningRate"], fused=True)
        for epoch in range(epochs):
            for group in optimizer.param_groups:
                group["lr"] = heat_problem.rate(job, epoch)
            gradients, losses = step(tuple(one.detach() for one in layers))
            for one, gradient in zip(layers, gradients):
                one.grad = gradient
            optimizer.step()
        return losses.tolist()

    train(5)
    print("ready", flush=True)
    sys.stdin.readline()
    losses = train(job["epochs"])
    checked = [vmap(loss)(stacked([net])).item() for net in heat_problem.given(job)]
    print(json.dumps({"losses": losses, "checked": checked}), flush=True)


def main(path):
    with open(path) as file:
        job = json.load(file)
    count, threads = job["workers"], job["threads"]
    workers = []
    for i in range(count):
        command = [sys.executable, __file__, path, "--worker", json.dumps(job["seeds"][i::count]), str(threads)]
        workers.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    for process in workers:
        process.stdout.readline()
    started = time.perf_counter()
    for process in workers:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.stdout.readline() for process in workers]
    seconds = time.perf_counter() - started
    if any(process.wait() for process in workers):
        raise SystemExit("a worker failed")
    read = [json.loads(answer) for answer in answers]
    print(json.dumps({"seconds": seconds, "losses": sum((one["losses"] for one in read), []), "checked": read[0]["checked"]}))


if __name__ == "__main__":
    if "--worker" in sys.argv:
        worker(sys.argv[1], json.loads(sys.argv[3]), int(sys.argv[4]))
    else:
        main(sys.argv[1])
