"""Sweeps and runs of a Basin, as objects."""

from __future__ import annotations

import html
import json
import math
import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from .asking import AskedRun, Asking
from .errors import BasinError, RequestError
from .experiment import Experiment, describe
from .frames import Frame, exported, frame_of, has, table_html
from .plots import Plot
from .progress import Progress
from .safetensors import read_tensors
from .transport import Transport
from .worker import Worker, gpus_there

ENDED = ("completed", "cancelled")
#: What people read: to be through is no success, so the API's `succeeded` is called finished.
_WORDS = {"succeeded": "finished"}


def _dashboard(url: str) -> str:
    told = os.environ.get("BASIN_PUBLIC_URL")
    if told:
        return told.rstrip("/")
    return url[:-5] + ":4000" if url.endswith(":4001") else url


class Run:
    """A run as it is in the ledger. `refresh()` reads it anew."""

    def __init__(self, client: Client, data: Mapping[str, Any]) -> None:
        self._client = client
        self.data = dict(data)

    def __getattr__(self, name: str) -> Any:
        data = self.__dict__.get("data", {})
        camel = name.split("_")[0] + "".join(part.title() for part in name.split("_")[1:])
        for one in (name, camel):
            if one in data:
                return data[one]
        raise AttributeError(f"a run has no {name}; it has {', '.join(data)}")

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def state(self) -> str:
        return _WORDS.get(self.data["state"], str(self.data["state"]))

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.data["parameters"])

    @property
    def metrics(self) -> dict[str, float | None]:
        return dict(self.data["metrics"])

    @property
    def seed(self) -> int:
        return int(self.data["seed"])

    @property
    def objective(self) -> float | None:
        value = self.data["objective"]
        return None if value is None else float(value)

    @property
    def url(self) -> str:
        return f"{self._client.dashboard}/runs/{self.id}"

    def refresh(self) -> Run:
        self.data = self._client.transport.json("GET", f"/runs/{self.id}")
        return self

    def artifacts(self) -> list[dict[str, Any]]:
        """Name, kind, size and hash of everything that the run left behind."""
        items: list[dict[str, Any]] = self._client.transport.json("GET", f"/runs/{self.id}/artifacts")["items"]
        return items

    def artifact(self, name: str) -> bytes:
        """The content of one of them. Raises KeyError with the names there are."""
        there = self.artifacts()
        for one in reversed(there):
            if one["name"] == name:
                return self._client.transport.content("GET", f"/artifacts/{one['id']}/content", timeout=600.0)
        names = ", ".join(one["name"] for one in there) or "none"
        raise KeyError(f"run {self.id} has no artifact {name}; it has {names}")

    def weights(self) -> dict[str, Any]:
        """Trained weights as NumPy arrays by name."""
        return read_tensors(self.artifact("weights.safetensors"))

    def plots(self) -> list[Plot]:
        """The run's plots; in a notebook each draws itself."""
        found = []
        for one in self.artifacts():
            if one["kind"] == "plot":
                content = self._client.transport.content("GET", f"/artifacts/{one['id']}/content")
                found.append(Plot(one["name"].removeprefix("plots/").removesuffix(".json"), json.loads(content)))
        return found

    def log(self) -> str:
        """What its newest attempt wrote."""
        for one in reversed(self.artifacts()):
            if one["kind"] == "log":
                return self._client.transport.content("GET", f"/artifacts/{one['id']}/content").decode("utf8", "replace")
        return ""

    def series(self, metric: str) -> tuple[list[int], list[float]]:
        """Every step and value of a metric."""
        told = self._client.transport.json("GET", f"/runs/{self.id}/metrics", query={"metrics": metric, "raw": True})
        for one in told["series"]:
            if one["metric"] == metric:
                return one["steps"], [math.nan if value is None else value for value in one["values"]]
        return [], []

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.state} objective={self.objective} seed={self.seed}>"

    def _repr_html_(self) -> str:
        rows = [
            *((f"parameters.{name}", value) for name, value in self.parameters.items()),
            ("seed", self.seed),
            *((f"metrics.{name}", value) for name, value in self.metrics.items()),
        ]
        head = f'<b>Run <a href="{html.escape(self.url)}">{self.id}</a></b> {html.escape(self.state)}'
        return head + table_html(rows, ("", ""))


class Sweep:
    """A sweep; `data` is what the API last said of it, and `refresh()` asks again."""

    def __init__(self, client: Client, data: Mapping[str, Any], experiment: Experiment | None = None) -> None:
        self._client = client
        self.data = dict(data)
        self._experiment = experiment
        self._asking: Asking | None = None

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def state(self) -> str:
        return str(self.data["state"])

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def counts(self) -> dict[str, Any]:
        return dict(self.data["counts"])

    @property
    def spec(self) -> dict[str, Any]:
        return dict(self.data["spec"])

    @property
    def experiment(self) -> str:
        """The experiment, with the version that the sweep runs with."""
        return str(self.data["spec"]["experiment"])

    @property
    def url(self) -> str:
        return f"{self._client.dashboard}/sweeps/{self.id}"

    def refresh(self) -> Sweep:
        self.data = self._client.transport.json("GET", f"/sweeps/{self.id}")
        return self

    def wait(self, progress: bool = False, timeout: float | None = None, every: float = 0.5) -> Sweep:
        """Until the sweep has ended. Raises TimeoutError after `timeout` seconds; the sweep goes on."""
        bar = Progress(progress)
        end = None if timeout is None else time.monotonic() + timeout
        try:
            while True:
                self.refresh()
                bar.show(self)
                if self.ended:
                    return self
                if end is not None and time.monotonic() > end:
                    raise TimeoutError(f"{self.name} ({self.id}) did not end within {timeout} s; it goes on: {self.url}")
                time.sleep(every)
        finally:
            bar.close()

    def runs(self, frame: Frame | None = None) -> Any:
        """Every run with parameters, seed, state, reason, final metrics and labels: complete, one row each."""
        return exported(self._client.transport, self.id, "runs", frame)

    def metrics(self, frame: Frame | None = None) -> Any:
        """Every metric point, in long form (run, trial, seed, metric, step, value): never sampled, never capped."""
        return exported(self._client.transport, self.id, "metrics", frame)

    def results(self, group_by: str | Sequence[str] | None = None, frame: Frame | None = None) -> Any:
        """One row per configuration over its initializations: mean, std, count and 95 % interval of the objective and of every final metric.

        `group_by`: parameters; left out: all that the sweep varies; an empty list: all runs together.
        """
        names = [group_by] if isinstance(group_by, str) else group_by
        query: dict[str, Any] = {"limit": 10_000}
        if names is not None:
            query["groupBy"] = ",".join(names)
        told = self._client.transport.json("GET", f"/sweeps/{self.id}/results", query=query)
        rows = []
        for group in told["groups"]:
            row: dict[str, Any] = dict(group["group"])
            row.update(
                {
                    "runs": group["counts"]["total"],
                    **_statistics("objective", group["objective"]),
                }
            )
            if group.get("success"):
                row["success"] = group["success"].get("rate")
            for metric, statistics in group["metrics"].items():
                row.update(_statistics(metric, statistics))
            row["best_run"] = group["best"]["run"] if group["best"] else None
            rows.append(row)
        return frame_of(rows, frame)

    def best(self, k: int = 1) -> list[Run]:
        """The `k` finished runs with the best objective, best first."""
        sort = "objective" if self.data["objective"]["direction"] == "minimize" else "-objective"
        query = {"sort": sort, "state": "succeeded", "limit": min(max(k, 1), 1000)}
        told = self._client.transport.json("GET", f"/sweeps/{self.id}/runs", query=query)
        return [Run(self._client, one) for one in told["items"][:k]]

    def run(self, id: str) -> Run:
        return self._client.run(id)

    def pause(self) -> Sweep:
        return self._do("pause")

    def resume(self) -> Sweep:
        return self._do("resume")

    def cancel(self) -> Sweep:
        return self._do("cancel")

    def _do(self, action: str) -> Sweep:
        self._client.transport.json("POST", f"/sweeps/{self.id}/{action}")
        return self.refresh()

    # Ask and tell: for a loop of your own.

    def ask(self, n: int = 1, wait_seconds: float = 10.0) -> list[AskedRun]:
        """Up to `n` runs to train here, each with `parameters`, `seed`, `report` and `should_stop`; none when the sweep has no more."""
        if self._asking is None:
            self._asking = Asking(self._client.transport, self.experiment, self.id)
        return self._asking.ask(n, wait_seconds)

    def tell(self, asked: AskedRun, values: float | Mapping[str, float] | None = None, *, failed: str | None = None) -> None:
        """What a run came to: its objective, or all of its final metrics; or why it failed."""
        if self._asking is None:
            raise BasinError("nothing was asked of this sweep: sweep.ask(n) comes first")
        self._asking.tell(asked, values, str(self.data["objective"]["metric"]), failed)

    def __repr__(self) -> str:
        return f"<Sweep {self.id} {self.name!r} {self.state} {self.counts}>"

    def _repr_html_(self) -> str:
        counts = [(state, count) for state, count in self.counts.items() if count]
        best = self.data.get("best")
        told = f" best {best['value']:.6g}" if best else ""
        head = f'<b><a href="{html.escape(self.url)}">{html.escape(self.name)}</a></b> ({self.id}) {self.state}{told}'
        return head + table_html([[count for _, count in counts]], [state for state, _ in counts])


_FIGURES = {"mean": "mean", "std": "std", "n": "n", "median": "median", "ciLow": "ci_low", "ciHigh": "ci_high", "min": "min", "max": "max"}


def _statistics(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_{word}": told[key] for key, word in _FIGURES.items() if key in told}


class Client:
    """A Basin. Made by `basin.connect`."""

    def __init__(self, url: str, token: str | None = None, dashboard: str | None = None) -> None:
        self.transport = Transport(url, token)
        self.dashboard = (dashboard or _dashboard(self.transport.url)).rstrip("/")

    def register(self, experiment: Experiment) -> Experiment:
        """Registers a function's descriptor. The same descriptor is the same version, however often it comes."""
        told = self.transport.json("PUT", f"/experiments/{experiment.id}", experiment.descriptor)
        experiment.ref = told["ref"]
        return experiment

    def experiments(self) -> list[dict[str, Any]]:
        """The catalogue: Basin's own experiments and those from outside."""
        items: list[dict[str, Any]] = self.transport.json("GET", "/catalog")["experiments"]
        return items

    def submit(
        self,
        spec: Experiment | Mapping[str, Any] | str | Path,
        *,
        space: Mapping[str, Any] | None = None,
        seeds: int | Mapping[str, Any] | Sequence[int] | None = None,
        search: Mapping[str, Any] | str | None = None,
        **more: Any,
    ) -> Sweep:
        """Submits a sweep: a spec (dict, or file of JSON), or a function made an experiment with what to search.

        `space`: parameter → a value, a list of values, or {"min": …, "max": …}; `seeds`: how many initializations, or which.
        Raises RequestError with every field that is wrong.
        """
        experiment = spec if isinstance(spec, Experiment) else None
        if experiment is not None:
            if experiment.ref is None or experiment.ref.split("@")[0] != experiment.id:
                self.register(experiment)
            body: dict[str, Any] = {"experiment": self.register(experiment).ref}
        elif isinstance(spec, Mapping):
            body = dict(spec)
        else:
            body = json.loads(Path(str(spec)).read_text(encoding="utf8"))
        if space is not None:
            body["space"] = experiment.space(space) if experiment else dict(space)
        if seeds is not None:
            if isinstance(seeds, int):
                body["seeds"] = {"count": seeds}
            else:
                body["seeds"] = dict(seeds) if isinstance(seeds, Mapping) else {"list": list(seeds)}
        if search is not None:
            body["search"] = {"algorithm": search} if isinstance(search, str) else dict(search)
        body.update(more)
        key = str(uuid.uuid4())
        told = self.transport.json("POST", "/sweeps", body, headers={"idempotency-key": key})
        return Sweep(self, told, experiment)

    def sweep(self, id: str) -> Sweep:
        return Sweep(self, self.transport.json("GET", f"/sweeps/{id}"))

    def sweeps(self, limit: int = 100) -> list[Sweep]:
        """Newest first."""
        told = self.transport.json("GET", "/sweeps", query={"limit": limit})
        return [Sweep(self, one) for one in told["items"]]

    def run(self, id: str) -> Run:
        return Run(self, self.transport.json("GET", f"/runs/{id}"))

    def work(
        self,
        experiment: Experiment | Callable[..., Any],
        *,
        slots: int | None = None,
        sweep: Sweep | None = None,
        pool: str | None = None,
        gpus: Sequence[str] | Literal["auto"] | None = "auto",
        name: str | None = None,
        runs: int | None = None,
    ) -> dict[str, int]:
        """Trains runs in processes of this machine: those of a sweep until it has ended, or of every sweep of the experiment, for ever.

        `slots`: runs at a time (default: the cores); `gpus`: each slot sees one of these (default: those of CUDA_VISIBLE_DEVICES);
        `pool`: default: that of the sweep, or of the token's project; `runs`: at most so many, then return. Ctrl-C and SIGTERM hand back what is unfinished. Returns how many runs ended how.
        """
        made = experiment if isinstance(experiment, Experiment) else describe(experiment)
        if sweep is not None:
            descriptor = self.transport.json("GET", f"/catalog/experiments/{sweep.experiment}")
            made.named(descriptor["defaults"])
            if not isinstance(experiment, Experiment) or descriptor["id"] != made.id:
                made = Experiment(descriptor["id"], made.function, descriptor, made.arguments, made.run_argument)
            made.ref = sweep.experiment
            pool = pool or sweep.spec.get("pool")
        else:
            self.register(made)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
        seen = gpus_there() if gpus == "auto" else list(gpus) if gpus else None
        worker = Worker(self, made, slots=slots or cores, pool=pool, sweep=sweep, name=name, gpus=seen, most_runs=runs)
        return worker.run()


def connect(url: str | None = None, token: str | None = None, dashboard: str | None = None) -> Client:
    """A Basin at `url` (else BASIN_URL, else http://127.0.0.1:4001), with `token` (else BASIN_TOKEN) where one is asked for.

    Raises UnreachableError, or RequestError where the token is not good.
    """
    address = url or os.environ.get("BASIN_URL") or "http://127.0.0.1:4001"
    client = Client(address, token or os.environ.get("BASIN_TOKEN") or None, dashboard)
    session = client.transport.json("GET", "/session", patience=3.0)
    if session["auth"] == "token" and session["owner"] is None:
        raise RequestError(401, "unauthorized", f"{address} asks for a token: give token=… or set BASIN_TOKEN")
    return client


__all__ = ["Client", "Run", "Sweep", "connect", "has"]
