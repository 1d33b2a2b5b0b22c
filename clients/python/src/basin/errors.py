"""What can go wrong, by who can do something about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class BasinError(Exception):
    """Anything that this package raises on its own."""


class RequestError(BasinError):
    """The API refused a request. `status` is HTTP's; `issues` name each field, what was wrong and what would be right."""

    def __init__(self, status: int, code: str, message: str, issues: Sequence[Mapping[str, str]] = ()) -> None:
        self.status = status
        self.code = code
        self.issues = tuple(issues)
        hints = [f"  {one.get('path', '')}: {one['hint']}" for one in issues if one.get("hint")]
        super().__init__("\n".join([message, *hints]))

    @classmethod
    def of(cls, status: int, body: Any) -> RequestError:
        error = body.get("error", {}) if isinstance(body, dict) else {}
        message = str(error.get("message", f"the API answered {status}"))
        return cls(status, str(error.get("code", "unknown")), message, error.get("issues", ()))


class UnreachableError(BasinError):
    """No API answered, however often it was asked."""


class DescriptorError(BasinError, ValueError):
    """A function cannot be an experiment as it is; the message names the parameter or metric and what would be right."""


class Stopped(BasinError):
    """Raised by `run.stop_if_asked()`: the run is to end here. Need not be caught."""
