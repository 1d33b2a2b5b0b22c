"""The work protocol: what an outside worker sends, and what it hears. One method per route."""

from __future__ import annotations

import math
import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import RequestError
from .provenance import VERSION, provenance
from .transport import Transport

Key = tuple[str, int]
#: How long a worker repeats a request while nobody answers: its results are worth it.
WORK_PATIENCE_SECONDS = 3600.0
#: Points of one chunk, and of one request.
CHUNK_POINTS = 20_000


def sendable(value: float) -> float | str:
    """JSON has no word for what is no finite number."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


class Session:
    """A registered worker. Its id is its own: a worker that begins anew is another one."""

    def __init__(self, transport: Transport, experiment: str, *, slots: int, pool: str | None, name: str | None = None) -> None:
        self.transport = transport
        self.id = f"py-{secrets.token_hex(8)}"
        self._registration = {
            "protocol": 1,
            "experiment": experiment,
            "slots": slots,
            "name": name or f"Python {os.getpid()}",
            "client": f"basin-client {VERSION}",
            "pid": os.getpid(),
            "provenance": provenance(),
            **({} if pool is None else {"pool": pool}),
        }
        told = self._register()
        self.experiment: str = told["experiment"]
        self.heartbeat_seconds: float = told["heartbeatSeconds"]
        self.checkpoint_seconds: float = told["checkpointSeconds"]

    def _register(self) -> dict[str, Any]:
        told: dict[str, Any] = self.transport.json("PUT", f"/workers/{self.id}", self._registration, patience=WORK_PATIENCE_SECONDS)
        return told

    def _post(self, path: str, body: Mapping[str, Any], timeout: float = 60.0) -> dict[str, Any]:
        while True:
            try:
                told: dict[str, Any] = self.transport.json("POST", f"/workers/{self.id}/{path}", body, timeout=timeout, patience=WORK_PATIENCE_SECONDS)
                return told
            except RequestError as error:
                if error.status != 404 or "worker" not in str(error):
                    raise
                # The ledger was made anew, or does not remember.
                self._register()

    @staticmethod
    def _keys(holding: Sequence[Key]) -> list[dict[str, Any]]:
        return [{"run": run, "attempt": attempt} for run, attempt in holding]

    def heartbeat(self, holding: Sequence[Key], draining: bool = False) -> dict[str, Any]:
        return self._post("heartbeat", {"holding": self._keys(holding), "draining": draining})

    def claim(self, runs: int, wait_seconds: float, holding: Sequence[Key], sweep: str | None) -> dict[str, Any]:
        body: dict[str, Any] = {"runs": runs, "waitSeconds": wait_seconds, "holding": self._keys(holding)}
        if sweep is not None:
            body["sweep"] = sweep
        return self._post("claims", body, timeout=wait_seconds + 30.0)

    def report(
        self,
        chunks: Sequence[Mapping[str, Any]] = (),
        results: Sequence[Mapping[str, Any]] = (),
        releases: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        return self._post("reports", {"chunks": list(chunks), "results": list(results), "releases": list(releases)})

    def upload(self, key: Key, name: str, content: bytes, kind: str, media_type: str, step: int | None) -> dict[str, Any]:
        run, attempt = key
        told: dict[str, Any] = self.transport.json(
            "PUT",
            f"/workers/{self.id}/runs/{run}/attempts/{attempt}/artifact",
            query={"name": name, "kind": kind, "mediaType": media_type, "step": step},
            timeout=600.0,
            patience=WORK_PATIENCE_SECONDS,
            headers={"content-type": "application/octet-stream"},
            raw=content,
        )
        return told

    def download(self, artifact: str) -> bytes:
        return self.transport.content("GET", f"/artifacts/{artifact}/content", timeout=600.0, patience=WORK_PATIENCE_SECONDS)


class Chunks:
    """Cuts the points of a run into numbered chunks, and keeps them until the run is committed: what is missing is sent again."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.counts: dict[str, int] = {}
        self._kept: dict[tuple[str, int], dict[str, Any]] = {}

    def add(self, points: Mapping[str, tuple[Sequence[int], Sequence[float]]]) -> list[dict[str, Any]]:
        run, attempt = self.key
        made = []
        for metric, (steps, values) in points.items():
            for at in range(0, len(steps), CHUNK_POINTS):
                number = self.counts.get(metric, 0)
                self.counts[metric] = number + 1
                chunk = {
                    "run": run,
                    "attempt": attempt,
                    "metric": metric,
                    "chunk": number,
                    "steps": list(steps[at : at + CHUNK_POINTS]),
                    "values": [sendable(one) for one in values[at : at + CHUNK_POINTS]],
                }
                self._kept[metric, number] = chunk
                made.append(chunk)
        return made

    def missing(self, told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [self._kept[one["metric"], number] for one in told for number in one["chunks"] if (one["metric"], number) in self._kept]
