"""One connection to the API: kept open, through proxies, with requests that are repeated until they are answered."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import RequestError, UnreachableError

#: Seconds that a request is repeated while nobody answers. A worker waits longer: its runs are worth it.
PATIENCE_SECONDS = 30.0
#: Statuses that pass: the API says itself that it may be asked again.
PASSING = frozenset({408, 429, 502, 503, 504})


def query_text(query: Mapping[str, Any]) -> str:
    """A query string; what is None is left out, lists are separated by commas."""

    def text(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (list, tuple)):
            return ",".join(str(one) for one in value)
        return str(value)

    pairs = [(name, text(value)) for name, value in query.items() if value is not None]
    return f"?{urllib.parse.urlencode(pairs)}" if pairs else ""


class Transport:
    """Requests to one API, from any thread; each thread has a connection of its own, which outlives its requests."""

    def __init__(self, url: str, token: str | None = None, patience: float = PATIENCE_SECONDS) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a Basin: write e.g. http://127.0.0.1:4001")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.token = token
        self.patience = patience
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._local = threading.local()

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        proxy = None if urllib.request.proxy_bypass(self._host) else urllib.request.getproxies().get("https" if self._secure else "http")
        host, port = self._host, self._port
        self._local.prefix = ""
        if proxy:
            via = urllib.parse.urlsplit(proxy if "//" in proxy else f"http://{proxy}")
            host, port = via.hostname or host, via.port or 8080
        made: http.client.HTTPConnection
        if self._secure:
            made = http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
            if proxy:
                made.set_tunnel(self._host, self._port)
        else:
            made = http.client.HTTPConnection(host, port, timeout=timeout)
            if proxy:
                self._local.prefix = self.url
        made.connect()
        if made.sock is not None:
            made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        # A process that was forked must not speak on its parent's connection.
        if getattr(self._local, "pid", None) != os.getpid():
            self._local.connection, self._local.pid = None, os.getpid()
        known: http.client.HTTPConnection | None = self._local.connection
        if known is None:
            known = self._local.connection = self._open(timeout)
        if known.sock is not None:
            known.sock.settimeout(timeout)
        return known

    def _forget(self) -> None:
        known = getattr(self._local, "connection", None)
        if known is not None and self._local.pid == os.getpid():
            known.close()
        self._local.connection = None

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], timeout: float) -> http.client.HTTPResponse:
        connection = self._connection(timeout)
        connection.request(method, f"{self._local.prefix}{path}", body=body, headers=dict(headers))
        return connection.getresponse()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60.0,
        patience: float | None = None,
    ) -> http.client.HTTPResponse:
        """The answer, its body still to be read. Repeats while none comes or the API is away; every request of ours may be repeated.

        Raises RequestError for a refusal, UnreachableError when `patience` is over.
        """
        target = f"/api/v1{path}{query_text(query or {})}"
        told = {"accept": "*/*", **(headers or {})}
        if self.token:
            told["authorization"] = f"Bearer {self.token}"
        end = time.monotonic() + (self.patience if patience is None else patience)
        wait = 0.05
        while True:
            trouble: str
            try:
                answer = self._once(method, target, body, told, timeout)
                if answer.status < 400:
                    return answer
                content = answer.read()
                try:
                    parsed: Any = json.loads(content)
                except ValueError:
                    parsed = None
                if answer.status not in PASSING:
                    raise RequestError.of(answer.status, parsed)
                trouble = str(RequestError.of(answer.status, parsed))
            except (OSError, http.client.HTTPException) as error:
                self._forget()
                trouble = f"{type(error).__name__}: {error}"
            if time.monotonic() + wait > end:
                raise UnreachableError(f"no answer from {self.url}: {trouble}")
            time.sleep(wait * (0.5 + random.random()))
            wait = min(wait * 2, 5.0)

    def json(self, method: str, path: str, payload: Any = None, **options: Any) -> Any:
        """The JSON that is answered; `raw`: bytes to send in the place of JSON."""
        raw: bytes | None = options.pop("raw", None)
        body = raw if raw is not None else None if payload is None else json.dumps(payload, separators=(",", ":"), allow_nan=False).encode()
        headers = {**({} if body is None else {"content-type": "application/json"}), **options.pop("headers", {})}
        return json.loads(self.content(method, path, body=body, headers=headers, **options))

    def content(self, method: str, path: str, **options: Any) -> bytes:
        """All bytes of an answer; one that is cut off is asked for again."""
        end = time.monotonic() + (options.get("patience") or self.patience)
        while True:
            try:
                return self.send(method, path, **options).read()
            except (OSError, http.client.HTTPException) as error:
                self._forget()
                if time.monotonic() > end:
                    raise UnreachableError(f"the answer of {self.url} broke off: {error}") from error

    def lines(self, method: str, path: str, **options: Any) -> Iterator[bytes]:
        """Lines of an answer as they come."""
        answer = self.send(method, path, **options)
        yield from answer
