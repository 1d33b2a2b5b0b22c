"""The run in the hands of the training code: what it logs, asks, and leaves behind."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .errors import DescriptorError, Stopped
from .experiment import Experiment, camel, near

#: Points are handed on when so many have gathered, or so many seconds have passed.
FLUSH_POINTS = 5000
FLUSH_SECONDS = 0.25
#: Whether to stop is looked up at most this often.
LOOK_SECONDS = 0.02
_MAGIC = b"BASINCK1"


class Outlet(Protocol):
    """Where a run's messages go, and from where it hears whether to stop."""

    def points(self, points: dict[str, tuple[list[int], list[float]]]) -> None: ...
    def artifact(self, name: str, content: bytes, kind: str, media_type: str, step: int | None) -> None: ...
    def stop_reason(self) -> str | None: ...


def _number(metric: str, value: Any) -> float:
    if isinstance(value, (str, bytes, bool)) or value is None:
        raise TypeError(f"{metric} must be a number, not {type(value).__name__} {value!r}")
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{metric} must be a number, not {type(value).__name__} {value!r}") from error


class TrainingRun:
    """One run while it is trained. `seed` is what every random number should come from."""

    def __init__(
        self,
        grant: Mapping[str, Any],
        series: list[str],
        outlet: Outlet,
        checkpoint: bytes | None = None,
        checkpoint_seconds: float = 10.0,
    ) -> None:
        self.id: str = grant["run"]
        self.attempt: int = grant["attempt"]
        self.sweep: str = grant["sweep"]
        self.seed: int = grant["seed"]
        self.parameters: dict[str, Any] = dict(grant["parameters"])
        #: What `checkpoint` was given in an earlier attempt; None: the run begins.
        self.resume: bytes | None = None
        #: The last step that it contains; None: the run begins.
        self.resumed_from_step: int | None = None
        self._series = dict.fromkeys(series)
        self._outlet = outlet
        self._buffer: dict[str, tuple[list[int], list[float]]] = {}
        self._history: dict[str, tuple[list[int], list[float]]] = {}
        self._pending = 0
        self._flushed = time.monotonic()
        self._looked = 0.0
        self._stop: str | None = None
        self._checkpointed = time.monotonic()
        self._checkpoint_seconds = checkpoint_seconds
        self._artifacts: list[str] = []
        self._last: dict[str, int] = {}
        self._labels: dict[str, str] = {}
        self.not_finite: str | None = None
        self.steps = 0
        if checkpoint is not None:
            self._take_up(checkpoint)

    def log(self, step: int, values: Mapping[str, Any] | None = None, /, **metrics: Any) -> None:
        """Values of metrics at a step; steps of a metric go forward. Takes microseconds: points leave in the background."""
        step = int(step)
        for metric, value in {**(values or {}), **metrics}.items() if values else metrics.items():
            if metric not in self._series:
                known = list(self._series)
                raise DescriptorError(
                    f'the metric "{metric}" was not declared{near(metric, known)} Declared are {", ".join(known) or "none"}; '
                    "name it in @basin.experiment(metrics=…)"
                )
            number = value if type(value) is float else _number(metric, value)
            if step <= self._last.get(metric, -1):
                raise ValueError(f"{metric} was logged at step {self._last[metric]} already; steps go forward, and {step} does not")
            if number - number != 0.0 and self.not_finite is None:
                self.not_finite = f"{metric} was {number} at step {step}"
            self._last[metric] = step
            held = self._buffer.get(metric)
            if held is None:
                held = self._buffer[metric] = ([], [])
            held[0].append(step)
            held[1].append(number)
            self._pending += 1
        if step >= self.steps:
            self.steps = step + 1
        if self._pending >= FLUSH_POINTS or time.monotonic() - self._flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Hands on what was logged."""
        self._flushed = time.monotonic()
        if self._pending == 0:
            return
        for metric, (steps, values) in self._buffer.items():
            kept = self._history.setdefault(metric, ([], []))
            kept[0].extend(steps)
            kept[1].extend(values)
        self._outlet.points(self._buffer)
        self._buffer = {}
        self._pending = 0

    def should_stop(self) -> bool:
        """Whether to end now: the run was cancelled or stopped early, its sweep paused, or this worker is to go. Then write a checkpoint and return."""
        now = time.monotonic()
        if self._stop is None and now - self._looked > LOOK_SECONDS:
            self._looked = now
            self._stop = self._outlet.stop_reason()
        return self._stop is not None

    def stop_if_asked(self) -> None:
        """Ends the function here when it is to stop."""
        if self.should_stop():
            raise Stopped(self._stop)

    @property
    def should_checkpoint(self) -> bool:
        """Whether the last checkpoint is older than Basin would like."""
        return time.monotonic() - self._checkpointed > self._checkpoint_seconds or self._stop is not None

    def checkpoint(self, state: bytes, step: int | None = None) -> None:
        """Keeps the state after a step, from which another attempt goes on (`resume`); what was logged is kept with it."""
        last = self.steps - 1 if step is None else int(step)
        self.flush()
        history = {metric: [steps, [_text(value) for value in values]] for metric, (steps, values) in self._history.items()}
        head = json.dumps({"step": last, "steps": self.steps, "history": history}).encode()
        self._outlet.artifact(
            "checkpoint.bin",
            _MAGIC + len(head).to_bytes(8, "little") + head + bytes(state),
            "checkpoint",
            "application/octet-stream",
            max(last, 0),
        )
        self._checkpointed = time.monotonic()

    def artifact(self, name: str, content: bytes | str | Mapping[str, Any], kind: str = "other", media_type: str | None = None) -> None:
        """Keeps a file with the run. A dict is written as JSON; `kind`: weights, plot, log or other."""
        if isinstance(content, Mapping):
            content, media_type = json.dumps(content, allow_nan=False), media_type or "application/json"
        data = content.encode() if isinstance(content, str) else bytes(content)
        usual = "text/plain; charset=utf-8" if isinstance(content, str) else "application/octet-stream"
        self.flush()
        self._outlet.artifact(name, data, kind, media_type or usual, None)
        if name not in self._artifacts:
            self._artifacts.append(name)

    def plot(self, id: str, data: Mapping[str, Any]) -> None:
        """One of the plots that the experiment declared; `data` is plot data of its kind."""
        self.artifact(f"plots/{id}.json", json.dumps(data, allow_nan=False), "plot", "application/vnd.basin.plot+json")

    def weights(self, arrays: Mapping[str, Any]) -> None:
        """Keeps NumPy arrays as `weights.safetensors`, which `Run.weights()` reads."""
        from .safetensors import write_tensors

        self.artifact("weights.safetensors", write_tensors(dict(arrays)), "weights", "application/octet-stream")

    def label(self, name: str, text: str) -> None:
        """A word about the finished run, e.g. the equation it found; of those that the experiment declared."""
        self._labels[name] = str(text)[:2000]

    def _take_up(self, content: bytes) -> None:
        if not content.startswith(_MAGIC):
            raise ValueError("the checkpoint was written by another client")
        length = int.from_bytes(content[8:16], "little")
        head = json.loads(content[16 : 16 + length])
        self.resume = content[16 + length :]
        self.resumed_from_step = head["step"]
        self.steps = head["steps"]
        restored: dict[str, tuple[list[int], list[float]]] = {}
        for metric, (steps, values) in head["history"].items():
            restored[metric] = (list(steps), [float(one) for one in values])
            if steps:
                self._last[metric] = steps[-1]
        # Each attempt is complete in itself: what an earlier one logged is logged again.
        self._history = {metric: (list(steps), list(values)) for metric, (steps, values) in restored.items()}
        if restored:
            self._outlet.points(restored)


def _text(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def finals_of(experiment: Experiment, returned: Any, run: TrainingRun) -> tuple[str, dict[str, float], str | None]:
    """Outcome, final metrics and reason from what a function returned."""
    finals = experiment.metric_names("final")
    if returned is None:
        metrics: dict[str, float] = {}
    elif isinstance(returned, Mapping):
        metrics = {str(name): _number(str(name), value) for name, value in returned.items()}
    else:
        metrics = {experiment.objective: _number(experiment.objective, returned)}
    for name in metrics:
        if name not in finals:
            raise DescriptorError(f'the final metric "{name}" was not declared{near(name, finals)} Declared are {", ".join(finals)}')
    for name in finals:
        held = run._history.get(name)
        if name not in metrics and held and held[1]:
            metrics[name] = held[1][-1]
    objective = metrics.get(experiment.objective)
    if objective is None:
        raise DescriptorError(
            f'{experiment.function.__name__} returned no {experiment.objective}, its objective, and logged none: return {{"{experiment.objective}": …}}'
        )
    if not math.isfinite(objective):
        first = f"; {run.not_finite}" if run.not_finite else ""
        return "diverged", metrics, f"{experiment.objective} is {objective} at the end{first}"
    return "succeeded", metrics, None


def call(experiment: Experiment, run: TrainingRun) -> Any:
    """Runs the function with the run's parameters."""
    arguments = experiment.named(run.parameters)
    function: Callable[..., Any] = experiment.function
    return function(run, **arguments) if experiment.run_argument else function(**arguments)


__all__ = ["Outlet", "TrainingRun", "call", "camel", "finals_of"]
