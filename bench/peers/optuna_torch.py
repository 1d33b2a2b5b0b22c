"""Optuna with Postgres storage and worker processes that train with PyTorch.

Usage: optuna_torch.py JOB.json. Worker processes import and connect first; the clock runs from the word to go until the last
trial is stored, so that neither side pays for its start. Prints {"seconds", "losses"}; seconds is null when "giveUpSeconds" (may be
null: never) went by first.
"""

import json
import subprocess
import sys
import time


def worker(path):
    import optuna
    import torch

    from cases_torch import cases

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with open(path) as file:
        job = json.load(file)
    torch.set_num_threads(job["threads"])
    study = optuna.load_study(study_name=job["study"], storage=job["storage"])

    def objective(trial):
        seed = trial.suggest_int("seed", 0, 1_000_000)
        loss = float("nan")
        for step, loss in enumerate(cases[job["case"]](job, seed)):
            if job["report"]:
                trial.report(loss, step)
        return loss

    # The first step of a process loads code; a run of two epochs takes it out of the measurement.
    for _ in zip(range(2), cases[job["case"]]({**job, "epochs": 2, "steps": 200}, 0)):
        pass
    print("ready", flush=True)
    sys.stdin.readline()
    study.optimize(objective, n_trials=job["trialsPerWorker"])


def main(path):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with open(path) as file:
        job = json.load(file)
    study = optuna.create_study(study_name=job["study"], storage=job["storage"])
    for seed in job["seeds"]:
        study.enqueue_trial({"seed": seed})
    workers = [
        subprocess.Popen([sys.executable, __file__, path, "--worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(job["workers"])
    ]
    for process in workers:
        process.stdout.readline()
    started = time.perf_counter()
    for process in workers:
        process.stdin.write("go\n")
        process.stdin.flush()
    try:
        codes = [process.wait(timeout=job["giveUpSeconds"]) for process in workers]
    except subprocess.TimeoutExpired:
        for process in workers:
            process.kill()
        print(json.dumps({"seconds": None, "losses": []}))
        return
    seconds = time.perf_counter() - started
    if any(codes):
        raise SystemExit(f"a worker failed: {codes}")
    values = [trial.value for trial in study.trials if trial.value is not None]
    seeds = sorted(trial.params["seed"] for trial in study.trials if trial.value is not None)
    if seeds != sorted(job["seeds"]):
        raise SystemExit("the workers did not train every seed once")
    print(json.dumps({"seconds": seconds, "losses": values}))


if __name__ == "__main__":
    if "--worker" in sys.argv:
        worker(sys.argv[1])
    else:
        main(sys.argv[1])
