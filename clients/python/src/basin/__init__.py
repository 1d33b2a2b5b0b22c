"""Basin from Python: sweeps and their results in the notebook, and your own training code as experiments.

import basin

@basin.experiment(metrics={"loss": "minimize"})
def parabola(run, x: float = 1.0, y: float = 0.0):
    for step in range(20):
        run.log(step, loss=(x - 2) ** 2 + y**2 + 1 / (step + 1))
    return {"loss": (x - 2) ** 2 + y**2}

sweep = basin.connect().submit(parabola, space={"x": [0, 1, 2], "y": [-1, 0, 1]}, seeds=5)
basin.work(parabola, sweep=sweep)
print(sweep.results(group_by=["x", "y"]))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .client import Client, Run, Sweep, connect
from .errors import BasinError, DescriptorError, RequestError, Stopped, UnreachableError
from .experiment import Experiment, Param, describe, experiment
from .from_optuna import from_optuna
from .plots import Plot
from .provenance import VERSION as __version__
from .training import TrainingRun


def work(
    train: Experiment | Callable[..., Any],
    *,
    client: Client | None = None,
    sweep: Sweep | None = None,
    **options: Any,
) -> dict[str, int]:
    """Trains runs of an experiment here; see `Client.work`. Without a client that of the sweep, else that of `connect()`."""
    used = client or (sweep._client if sweep else connect())
    return used.work(train, sweep=sweep, **options)


__all__ = [
    "BasinError",
    "Client",
    "DescriptorError",
    "Experiment",
    "Param",
    "Plot",
    "RequestError",
    "Run",
    "Stopped",
    "Sweep",
    "TrainingRun",
    "UnreachableError",
    "__version__",
    "connect",
    "describe",
    "experiment",
    "from_optuna",
    "work",
]
