"""MLflow with its own server: runs that do nothing, by four processes, with ten metrics each; then all of them as a data frame."""

import json
import multiprocessing
import sys
import time

import mlflow
from mlflow.entities import Metric, Param
from mlflow.tracking import MlflowClient

url, runs = sys.argv[1], int(sys.argv[2])


def worker(count, experiment):
    client = MlflowClient(url)
    for _ in range(count):
        run = client.create_run(experiment)
        metrics = [Metric(f"m{i}", float(i), 0, 0) for i in range(10)]
        client.log_batch(run.info.run_id, metrics=metrics, params=[Param("x", "1")])
        client.set_terminated(run.info.run_id)


if __name__ == "__main__":
    mlflow.set_tracking_uri(url)
    experiment = MlflowClient(url).create_experiment("noop")
    begun = time.perf_counter()
    processes = [
        multiprocessing.Process(target=worker, args=(runs // 4, experiment))
        for _ in range(4)
    ]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    frame = mlflow.search_runs([experiment], max_results=1_000_000)
    print(
        json.dumps(
            {
                "runs": len(frame),
                "runsPerSecond": len(frame) / seconds,
                "frameSeconds": time.perf_counter() - begun,
            }
        )
    )
