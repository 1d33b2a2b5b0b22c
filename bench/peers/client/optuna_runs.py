"""Optuna with its Postgres storage: trials that do nothing, by four processes, with ten figures each; then all of them as a data frame."""

import json
import multiprocessing
import sys
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
url, trials = sys.argv[1], int(sys.argv[2])


def worker(count):
    study = optuna.load_study(study_name="noop", storage=url)
    for _ in range(count):
        trial = study.ask({"x": optuna.distributions.FloatDistribution(0, 1)})
        trial.report(trial.params["x"], 0)
        for i in range(10):
            trial.set_user_attr(f"m{i}", float(i))
        study.tell(trial, trial.params["x"])


if __name__ == "__main__":
    study = optuna.create_study(
        study_name="noop", storage=url, sampler=optuna.samplers.RandomSampler(seed=0)
    )
    begun = time.perf_counter()
    processes = [
        multiprocessing.Process(target=worker, args=(trials // 4,)) for _ in range(4)
    ]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    frame = optuna.load_study(study_name="noop", storage=url).trials_dataframe()
    print(
        json.dumps(
            {
                "runs": len(frame),
                "runsPerSecond": len(frame) / seconds,
                "frameSeconds": time.perf_counter() - begun,
            }
        )
    )
