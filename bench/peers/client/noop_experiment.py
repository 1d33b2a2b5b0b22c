"""Runs that do nothing: what is left is what a run costs on its way."""

import sys

import basin


@basin.experiment(id="bench-noop", metrics={"loss": "minimize"})
def noop(run, x: int = 0):
    run.log(0, loss=float(x))
    return float(x)


if __name__ == "__main__":
    action, url = sys.argv[1:3]
    client = basin.connect(url)
    if action == "submit":
        runs = int(sys.argv[3])
        print(client.submit(noop, space={"x": {"min": 1, "max": runs}}, seeds=1).id)
    else:
        print("ready", flush=True)
        basin.work(noop, client=client, slots=1)
