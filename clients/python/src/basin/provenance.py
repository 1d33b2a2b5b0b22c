"""Where numbers come from: commit, command line, host, device, packages."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
from typing import Any

VERSION = "0.1.0"


def _git(*arguments: str) -> str | None:
    try:
        told = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip() if told.returncode == 0 else None


def _device() -> str:
    torch = sys.modules.get("torch")
    if torch is not None:
        try:
            if torch.cuda.is_available():
                return str(torch.cuda.get_device_name(0))
        except Exception:
            pass
    try:
        with open("/proc/cpuinfo", encoding="utf8") as told:
            for line in told:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _packages() -> dict[str, str]:
    from importlib.metadata import distributions

    found: dict[str, str] = {}
    for one in distributions():
        name = one.metadata["Name"]
        if name:
            found[str(name)[:200]] = str(one.version)[:100]
    return dict(sorted(found.items())[:1000])


def provenance() -> dict[str, Any]:
    """What this process can tell of itself; what it cannot is left out."""
    commit = _git("rev-parse", "HEAD")
    told: dict[str, Any] = {
        "host": socket.gethostname()[:255],
        "device": _device()[:400],
        "commandLine": " ".join(sys.orig_argv)[:4000],
        "workingDirectory": os.getcwd()[:1000],
        "language": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": _packages(),
        "client": f"basin-client {VERSION}",
    }
    if commit:
        told["gitCommit"] = commit
        told["gitDirty"] = bool(_git("status", "--porcelain", "--untracked-files=no"))
        remote = _git("remote", "get-url", "origin")
        if remote and "@" not in remote.split("//")[-1].split("/")[0]:
            told["gitRemote"] = remote[:400]
    return told
