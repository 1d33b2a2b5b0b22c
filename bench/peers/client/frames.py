"""Basin's client: every run, and every point, of a sweep as a pandas data frame; what run.log costs. JSON on the last line."""

import json
import sys
import time

import basin
from basin.training import TrainingRun


class Nowhere:
    def points(self, points):
        pass

    def artifact(self, *given):
        pass

    def stop_reason(self):
        return None


url, runs_sweep, points_sweep = sys.argv[1:4]
client = basin.connect(url)
import pandas  # noqa: E402,F401

begun = time.perf_counter()
frame = client.sweep(runs_sweep).runs(frame="pandas")
frame_seconds = time.perf_counter() - begun
begun = time.perf_counter()
points = client.sweep(points_sweep).metrics(frame="pandas")
points_seconds = time.perf_counter() - begun
run = TrainingRun(
    {"run": "r", "attempt": 1, "sweep": "s", "seed": 0, "parameters": {}},
    ["loss"],
    Nowhere(),
)
begun = time.perf_counter()
for step in range(200_000):
    run.log(step, loss=0.5)
run.flush()
log_seconds = (time.perf_counter() - begun) / 200_000
metrics = [name for name in frame.columns if name.startswith("metrics.")]
print(
    json.dumps(
        {
            "runs": len(frame),
            "metrics": len(metrics),
            "finite": int(frame[metrics].notna().sum().sum()),
            "frameSeconds": frame_seconds,
            "points": len(points),
            "pointsSeconds": points_seconds,
            "logMicroseconds": log_seconds * 1e6,
        }
    )
)
