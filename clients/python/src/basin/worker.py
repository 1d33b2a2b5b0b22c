"""`work`: claims runs of an experiment and trains them in processes of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from .errors import DescriptorError, RequestError, Stopped
from .experiment import Experiment
from .protocol import Chunks, Key, Session, sendable
from .training import TrainingRun, call, finals_of

if TYPE_CHECKING:
    from .client import Client, Sweep

#: A function that was asked to stop has so long to write a checkpoint and return.
GRACE_SECONDS = 20.0
#: Reports leave at most this often while nothing ends.
REPORT_SECONDS = 0.25
#: How long an idle worker's claim waits.
IDLE_WAIT_SECONDS = 15.0
#: Short runs are claimed ahead, so that they need not wait for the network: about so many seconds of them for each slot, and at most so many.
AHEAD_SECONDS = 0.5
MOST_AHEAD = 64
_REASON_LENGTH = 8000


class _Pipe:
    """The run's outlet in its own process: messages to the parent, and from it whether to stop."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def points(self, points: dict[str, tuple[list[int], list[float]]]) -> None:
        self.connection.send(("points", points))

    def artifact(self, name: str, content: bytes, kind: str, media_type: str, step: int | None) -> None:
        self.connection.send(("artifact", name, content, kind, media_type, step))

    def stop_reason(self) -> str | None:
        if not self.connection.poll():
            return None
        message = self.connection.recv()
        return str(message[1]) if message and message[0] == "stop" else None


def _attempt(experiment: Experiment, run: TrainingRun, begun: float) -> dict[str, Any]:
    """Trains one run; what it came to, whatever happened."""
    told: dict[str, Any] = {"metrics": {}, "labels": {}, "reason": None}
    try:
        outcome, metrics, reason = finals_of(experiment, call(experiment, run), run)
        told.update(outcome=outcome, metrics=metrics, reason=reason, labels=run._labels)
    except Stopped:
        told["outcome"] = "stopped"
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)) and run.should_stop():
            told["outcome"] = "stopped"
        else:
            text = traceback.format_exc()
            told.update(outcome="failed", reason=text[-_REASON_LENGTH:], final=isinstance(error, (DescriptorError, TypeError)))
    with contextlib.suppress(Exception):
        run.flush()
    told["steps"] = run.steps
    told["artifacts"] = run._artifacts
    told["trainSeconds"] = time.monotonic() - begun
    told["asked"] = run._stop
    return told


def _end_with(parent: int) -> None:
    """A worker that is killed leaves no process behind: its runs are somebody else's soon."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _process(
    connection: Connection,
    experiment: Experiment,
    slot: int,
    checkpoint_seconds: float,
    environment: Mapping[str, str],
    parent: int,
) -> None:
    """A slot: one run after the other, until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    os.environ.update(environment)
    os.environ["BASIN_SLOT"] = str(slot)
    series = experiment.metric_names("series")
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            return
        if message is None:
            return
        if message[0] != "run":
            continue
        begun = time.monotonic()
        try:
            run = TrainingRun(message[1], series, _Pipe(connection), message[2], checkpoint_seconds)
            told = _attempt(experiment, run, begun)
        except Exception:
            told = {"outcome": "failed", "reason": traceback.format_exc()[-_REASON_LENGTH:], "metrics": {}, "labels": {}}
            told.update(steps=0, artifacts=[], trainSeconds=time.monotonic() - begun, asked=None, final=False)
        try:
            connection.send(("end", told))
        except (BrokenPipeError, OSError):
            return


@dataclass
class _Held:
    """An attempt that this worker has."""

    grant: dict[str, Any]
    chunks: Chunks
    unsent: list[dict[str, Any]] = field(default_factory=list)
    uploads: deque[tuple[str, bytes, str, str, int | None]] = field(default_factory=deque)
    ended: dict[str, Any] | None = None
    #: What it was told: cancel, hand-back or superseded.
    action: str | None = None
    told_at: float = 0.0
    started: bool = False


@dataclass
class _Slot:
    number: int
    process: BaseProcess
    connection: Connection
    busy: Key | None = None


class Worker:
    """Claims and reports in one thread, listens to its processes in another; see `work`."""

    def __init__(
        self,
        client: Client,
        experiment: Experiment,
        *,
        slots: int,
        pool: str | None,
        sweep: Sweep | None,
        name: str | None = None,
        gpus: list[str] | None = None,
        most_runs: int | None = None,
    ) -> None:
        if slots < 1:
            raise ValueError(f"slots is {slots}: a worker needs at least one")
        self.client = client
        self.experiment = experiment
        self.sweep = sweep
        self.session = Session(client.transport, experiment.ref or experiment.id, slots=slots, pool=pool, name=name)
        self._slots: list[_Slot] = []
        self._count = slots
        self._gpus = gpus
        self._most = most_runs
        self._claimed = 0
        self._held: dict[Key, _Held] = {}
        self._queue: deque[Key] = deque()
        self._lock = threading.RLock()
        self._draining = False
        self._finished = threading.Event()
        #: Wakes the thread that listens when there is something to hand out.
        self._woken, self._wake = multiprocessing.Pipe(duplex=False)
        self._news = threading.Event()
        self._failure: BaseException | None = None
        #: Runs that were committed, by outcome.
        self.outcomes: dict[str, int] = {}
        methods = multiprocessing.get_all_start_methods()
        # Forked processes know functions of a notebook, which no other start could find.
        self._context: Any = multiprocessing.get_context("fork" if "fork" in methods else "spawn")

    def _start(self, number: int) -> _Slot:
        ours, theirs = self._context.Pipe()
        environment = {"CUDA_VISIBLE_DEVICES": self._gpus[number % len(self._gpus)]} if self._gpus else {}
        process = self._context.Process(
            target=_process,
            args=(theirs, self.experiment, number, self.session.checkpoint_seconds, environment, os.getpid()),
            daemon=True,
            name=f"basin-slot-{number}",
        )
        process.start()
        theirs.close()
        return _Slot(number, process, ours)

    def run(self) -> dict[str, int]:
        """Works until the sweep has ended, or for ever; Ctrl-C and SIGTERM hand back what is unfinished."""
        self._slots = [self._start(number) for number in range(self._count)]
        talker = threading.Thread(target=self._talk, name="basin-talk", daemon=True)
        before = self._catch_signals()
        talker.start()
        try:
            while not self._finished.is_set():
                self._listen()
        except KeyboardInterrupt:
            self.drain()
            while not self._finished.is_set():
                self._listen()
        finally:
            self._restore_signals(before)
            self._finished.set()
            talker.join(timeout=30)
            for slot in self._slots:
                with contextlib.suppress(Exception):
                    slot.connection.send(None)
            for slot in self._slots:
                slot.process.join(timeout=1)
                if slot.process.is_alive():
                    slot.process.kill()
        if self._failure is not None:
            raise self._failure
        return dict(self.outcomes)

    def drain(self) -> None:
        """Takes no more runs, and hands back those that are unfinished, after a checkpoint where their code writes one."""
        with self._lock:
            self._draining = True
            for key, held in self._held.items():
                self._tell(key, held, "hand-back", "this worker is to go")
        self._news.set()

    def _catch_signals(self) -> dict[int, Any]:
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {one: signal.signal(one, lambda *_: self.drain()) for one in (signal.SIGTERM, signal.SIGINT)}

    def _restore_signals(self, before: dict[int, Any]) -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    # What the processes say.

    def _listen(self) -> None:
        self._hand_out()
        ready = wait([self._woken, *(slot.connection for slot in self._slots), *(slot.process.sentinel for slot in self._slots)], timeout=0.05)
        while self._woken.poll():
            self._woken.recv_bytes()
        for slot in self._slots:
            if slot.connection in ready:
                self._hear(slot)
        for i, slot in enumerate(self._slots):
            if slot.process.sentinel in ready and not slot.process.is_alive():
                self._slots[i] = self._replace(slot)
        self._end_overdue()

    def _hand_out(self) -> None:
        with self._lock:
            for slot in self._slots:
                if slot.busy is not None:
                    continue
                while self._queue:
                    key = self._queue.popleft()
                    held = self._held.get(key)
                    if held is None or held.ended is not None:
                        continue
                    held.started = True
                    slot.busy = key
                    with contextlib.suppress(OSError):
                        slot.connection.send(("run", held.grant, held.grant.get("state")))
                    break

    def _hear(self, slot: _Slot) -> None:
        while slot.connection.poll():
            try:
                message = slot.connection.recv()
            except (EOFError, OSError):
                return
            with self._lock:
                held = self._held.get(slot.busy) if slot.busy else None
                if message[0] == "points" and held:
                    held.unsent.extend(held.chunks.add(message[1]))
                elif message[0] == "artifact" and held:
                    held.uploads.append(message[1:])
                    self._news.set()
                elif message[0] == "end":
                    if held:
                        held.ended = message[1]
                    slot.busy = None
                    self._news.set()
        self._hand_out()

    def _replace(self, slot: _Slot) -> _Slot:
        """A process that went away took its run with it."""
        self._hear(slot)
        with self._lock:
            held = self._held.get(slot.busy) if slot.busy else None
            if held and held.ended is None:
                code = slot.process.exitcode
                how = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
                outcome = "stopped" if held.action else "crashed"
                held.ended = {"outcome": outcome, "reason": f"the process that trained it {how}"}
                self._news.set()
        slot.connection.close()
        return self._start(slot.number)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for slot in self._slots:
            held = self._held.get(slot.busy) if slot.busy else None
            if held is None or held.action is None:
                continue
            grace = GRACE_SECONDS if held.action == "hand-back" else 2.0
            if now - held.told_at > grace:
                slot.process.kill()

    def _tell(self, key: Key, held: _Held, action: str, reason: str) -> None:
        if held.action is not None:
            return
        held.action, held.told_at = action, time.monotonic()
        if not held.started:
            held.ended = {"outcome": "stopped", "reason": reason}
            return
        for slot in self._slots:
            if slot.busy == key:
                with contextlib.suppress(OSError):
                    slot.connection.send(("stop", reason))

    # What the API says.

    def _talk(self) -> None:
        try:
            heard = time.monotonic()
            while not self._finished.is_set():
                heard = self._turn(heard)
        except BaseException as error:
            self._failure = error
        finally:
            self._finished.set()

    def _turn(self, heard: float) -> float:
        self._report()
        with self._lock:
            holding = list(self._held)
            free = self._room()
            idle = not holding
        if free > 0:
            told = self.session.claim(
                free,
                IDLE_WAIT_SECONDS if idle and not self._ends_by_itself() else 0.5 if idle else 0.0,
                holding,
                self._sweep_id(),
            )
            heard = time.monotonic()
            self._obey(told["stop"])
            if told["drain"]:
                self.drain()
            for grant in told["runs"]:
                self._take(grant)
            if told["runs"]:
                self._wake.send_bytes(b".")
                return heard
            if idle and self._ended():
                self._finished.set()
                return heard
        elif idle and (self._draining or self._most is not None):
            self._finished.set()
            return heard
        if time.monotonic() - heard > self.session.heartbeat_seconds:
            told = self.session.heartbeat(holding, self._draining)
            heard = time.monotonic()
            self._obey(told["stop"])
            if told["drain"]:
                self.drain()
        self._news.wait(REPORT_SECONDS if holding else 0.05)
        self._news.clear()
        return heard

    def _sweep_id(self) -> str | None:
        return self.sweep.id if self.sweep else None

    def _ends_by_itself(self) -> bool:
        return self.sweep is not None

    def _ended(self) -> bool:
        return self.sweep is not None and self.sweep.refresh().ended

    def _room(self) -> int:
        """How many more runs are wanted: for the slots, and ahead of them as long as runs are short."""
        if self._draining:
            return 0
        waiting = sum(1 for held in self._held.values() if held.ended is None)
        ahead = 0 if self._seconds_per_run is None else min(MOST_AHEAD, int(AHEAD_SECONDS / max(self._seconds_per_run, 1e-4)))
        wanted = self._count * (1 + ahead) - waiting
        # A few at a time would be a request for each.
        if 0 < wanted < self._count * ahead // 2:
            return 0
        left = wanted if self._most is None else min(wanted, self._most - self._claimed)
        return max(0, min(left, 256))

    _seconds_per_run: float | None = None

    def _take(self, grant: dict[str, Any]) -> None:
        key = (grant["run"], grant["attempt"])
        checkpoint = grant.get("checkpoint")
        if checkpoint:
            try:
                grant["state"] = self.session.download(checkpoint["artifact"])
            except RequestError:
                # A newer one took its place, so this attempt is not the newest either; it begins anew and will be told.
                grant["state"] = None
        with self._lock:
            self._held[key] = _Held(grant, Chunks(key))
            self._queue.append(key)
            self._claimed += 1

    def _obey(self, stops: list[dict[str, Any]]) -> None:
        with self._lock:
            for told in stops:
                key = (told["run"], told["attempt"])
                held = self._held.get(key)
                if held:
                    self._tell(key, held, told["action"], told.get("reason", told["action"]))

    def _report(self) -> None:
        """Sends what there is to send."""
        with self._lock:
            chunks = []
            uploads: list[tuple[Key, tuple[str, bytes, str, str, int | None]]] = []
            ended: list[tuple[Key, _Held]] = []
            for key, held in self._held.items():
                if held.action == "superseded":
                    held.unsent, held.uploads = [], deque()
                chunks.extend(held.unsent)
                held.unsent = []
                uploads.extend((key, one) for one in held.uploads)
                held.uploads = deque()
                if held.ended is not None:
                    ended.append((key, held))
        for key, (name, content, kind, media_type, step) in uploads:
            try:
                told = self.session.upload(key, name, content, kind, media_type, step)
                if told["status"] == "superseded":
                    self._obey([{"run": key[0], "attempt": key[1], "action": "superseded", "reason": "superseded"}])
            except RequestError as error:
                with self._lock:
                    held_now = self._held.get(key)
                    if held_now:
                        held_now.ended = {"outcome": "crashed", "reason": f"{name} was refused: {error}"}
        results: list[tuple[Key, _Held]] = []
        releases: list[tuple[Key, _Held]] = []
        for key, held in ended:
            if held.action == "superseded":
                self._drop(key)
                continue
            (results if self._is_result(held) else releases).append((key, held))
        if not chunks and not results and not releases:
            return
        told = self.session.report(
            chunks,
            [self._result(key, held) for key, held in results],
            [self._release(key, held) for key, held in releases],
        )
        for key, _ in releases:
            self._drop(key)
        by_key = {(one["run"], one["attempt"]): one for one in told["statuses"]}
        again: list[dict[str, Any]] = []
        for key, held in results:
            status = by_key.get(key)
            if status is None or status["status"] == "incomplete":
                again.extend(held.chunks.missing(status["missing"]) if status else [])
                continue
            if status["status"] == "committed":
                self._count_in(held)
            self._drop(key)
        if again:
            for at in range(0, len(again), 500):
                self.session.report(again[at : at + 500])
        self._obey(told["stop"])
        if told["drain"]:
            self.drain()

    def _count_in(self, held: _Held) -> None:
        ended = held.ended or {}
        self.outcomes[ended["outcome"]] = self.outcomes.get(ended["outcome"], 0) + 1
        seconds = float(ended.get("trainSeconds", 1.0))
        self._seconds_per_run = seconds if self._seconds_per_run is None else 0.8 * self._seconds_per_run + 0.2 * seconds

    def _drop(self, key: Key) -> None:
        with self._lock:
            self._held.pop(key, None)

    @staticmethod
    def _is_result(held: _Held) -> bool:
        ended = held.ended or {}
        if ended["outcome"] in ("succeeded", "diverged"):
            # Code that returns because it was asked to hand back has not finished.
            return not (held.action in ("hand-back", "cancel") and ended.get("asked"))
        return ended["outcome"] == "failed" and not ended.get("final", False)

    def _result(self, key: Key, held: _Held) -> dict[str, Any]:
        ended = held.ended or {}
        return {
            "run": key[0],
            "attempt": key[1],
            "outcome": ended["outcome"],
            "metrics": {name: sendable(value) for name, value in ended["metrics"].items()},
            "labels": ended["labels"],
            "reason": ended["reason"],
            "steps": ended["steps"],
            "trainSeconds": ended["trainSeconds"],
            "chunks": held.chunks.counts,
            "artifacts": ended["artifacts"],
        }

    @staticmethod
    def _release(key: Key, held: _Held) -> dict[str, Any]:
        ended = held.ended or {}
        told = {"run": key[0], "attempt": key[1], "reason": ended.get("reason")}
        if ended["outcome"] == "failed":
            return {**told, "outcome": "failed", "final": True}
        if ended["outcome"] == "crashed":
            return {**told, "outcome": "failed"}
        return {**told, "outcome": "cancelled" if held.action == "cancel" else "handed-back"}


def gpus_there() -> list[str] | None:
    """Ids of the GPUs that slots are spread over: those of CUDA_VISIBLE_DEVICES; None: nothing is said."""
    told = os.environ.get("CUDA_VISIBLE_DEVICES")
    return [one for one in told.split(",") if one] if told else None
