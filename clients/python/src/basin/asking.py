"""Ask and tell: runs of a sweep in a loop of your own."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections.abc import Mapping
from typing import Any

from .errors import BasinError
from .protocol import Chunks, Key, Session, sendable
from .transport import Transport


class AskedRun:
    """A run that was asked for: train it with its parameters and seed, then tell."""

    def __init__(self, asking: Asking, grant: Mapping[str, Any]) -> None:
        self._asking = asking
        self.id: str = grant["run"]
        self.attempt: int = grant["attempt"]
        self.seed: int = grant["seed"]
        self.parameters: dict[str, Any] = dict(grant["parameters"])
        self._chunks = Chunks((self.id, self.attempt))
        self._begun = time.monotonic()
        self._steps = 0
        self.stop: str | None = None

    @property
    def key(self) -> Key:
        return self.id, self.attempt

    def report(self, step: int, values: Mapping[str, float] | None = None, /, **metrics: float) -> bool:
        """Values of metrics at a step. Whether to stop: then tell what there is, or nothing."""
        points = {name: ([int(step)], [float(value)]) for name, value in {**(values or {}), **metrics}.items()}
        self._steps = max(self._steps, int(step) + 1)
        return self._asking.report(self, points)

    def should_stop(self) -> bool:
        """Whether the run was cancelled or stopped early, as far as is known."""
        return self.stop is not None

    def __repr__(self) -> str:
        return f"<AskedRun {self.id} seed={self.seed} {self.parameters}>"


class Asking:
    """Keeps the leases of what was asked for, until it is told."""

    def __init__(self, transport: Transport, experiment: str, sweep: str) -> None:
        self._session = Session(transport, experiment, slots=64, pool=_pool_of(transport, sweep), name="ask and tell")
        self._sweep = sweep
        self._held: dict[Key, AskedRun] = {}
        self._lock = threading.RLock()
        threading.Thread(target=_beat, args=(weakref.ref(self), self._session.heartbeat_seconds), daemon=True).start()

    def _obey(self, stops: list[dict[str, Any]]) -> None:
        for told in stops:
            held = self._held.get((told["run"], told["attempt"]))
            if held:
                held.stop = told["action"]

    def beat(self) -> None:
        with self._lock:
            self._obey(self._session.heartbeat(list(self._held))["stop"])

    def ask(self, n: int, wait_seconds: float) -> list[AskedRun]:
        with self._lock:
            asked: list[AskedRun] = []
            while len(asked) < n:
                told = self._session.claim(n - len(asked), 0.0 if asked else wait_seconds, list(self._held), self._sweep)
                self._obey(told["stop"])
                for grant in told["runs"]:
                    run = AskedRun(self, grant)
                    self._held[run.key] = run
                    asked.append(run)
                if not told["runs"]:
                    break
            return asked

    def report(self, run: AskedRun, points: Mapping[str, tuple[list[int], list[float]]]) -> bool:
        with self._lock:
            self._obey(self._session.report(run._chunks.add(points))["stop"])
            return run.should_stop()

    def tell(self, run: AskedRun, values: float | Mapping[str, float] | None, objective: str, failed: str | None) -> None:
        if run.key not in self._held:
            raise BasinError(f"{run.id} was told already, or was not asked for here")
        if run.stop == "superseded":
            # A stopping rule ended it: what it measured is kept, and nothing more is taken.
            self._held.pop(run.key, None)
            return
        if values is None and failed is None and run.stop is None:
            raise BasinError(f"tell what {run.id} came to: its {objective}, its final metrics, or failed=…")
        metrics = {} if values is None else dict(values) if isinstance(values, Mapping) else {objective: float(values)}
        value = metrics.get(objective, float("nan"))
        outcome = "failed" if failed is not None else "succeeded" if value - value == 0 else "diverged"
        result = {
            "run": run.id,
            "attempt": run.attempt,
            "outcome": outcome,
            "metrics": {name: sendable(float(one)) for name, one in metrics.items()},
            "reason": failed if failed is not None else None if outcome == "succeeded" else f"{objective} is {value}",
            "steps": run._steps,
            "trainSeconds": time.monotonic() - run._begun,
            "chunks": run._chunks.counts,
        }
        with self._lock:
            if run.stop is not None and values is None:
                release = {"run": run.id, "attempt": run.attempt, "outcome": "cancelled", "reason": "it was stopped"}
                self._session.report(releases=[release])
            else:
                while True:
                    (status,) = self._session.report(results=[result])["statuses"]
                    if status["status"] == "superseded":
                        self._held.pop(run.key, None)
                        raise BasinError(f"{run.id} is not yours any more: {status['reason']}")
                    if status["status"] == "committed":
                        break
                    self._session.report(run._chunks.missing(status["missing"]))
            self._held.pop(run.key, None)


def _pool_of(transport: Transport, sweep: str) -> str:
    return str(transport.json("GET", f"/sweeps/{sweep}")["spec"]["pool"])


def _beat(asking: weakref.ref[Asking], seconds: float) -> None:
    while True:
        time.sleep(seconds)
        alive = asking()
        if alive is None:
            return
        with contextlib.suppress(Exception):
            alive.beat()
        del alive
