"""Progress of a sweep: a bar in the terminal, one that changes in place in a notebook."""

from __future__ import annotations

import sys
from typing import Any


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


class Progress:
    """Shows how far a sweep is; does nothing where it is not wanted."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._handle: Any = None
        self._bar: Any = None
        self._drawn = False

    def show(self, sweep: Any) -> None:
        if not self._wanted:
            return
        counts = sweep.counts
        done = sum(counts.get(state, 0) for state in ("succeeded", "diverged", "failed", "cancelled", "pruned"))
        total = counts.get("planned") or sum(v for k, v in counts.items() if k != "planned" and v)
        if _in_notebook():
            from IPython import display

            if self._handle is None:
                self._handle = display.display(sweep, display_id=True)
            else:
                self._handle.update(sweep)
            return
        if self._bar is None:
            try:
                from tqdm import tqdm

                self._bar = tqdm(total=total, desc=sweep.name, unit="run")
            except ImportError:
                self._bar = False
        if self._bar is not False:
            self._bar.total = total
            self._bar.update(done - self._bar.n)
            return
        width = 30
        filled = int(width * done / total) if total else 0
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{sweep.name} [{'#' * filled}{'.' * (width - filled)}] {done}/{int(total)} runs, {counts.get('running', 0)} training ")
            sys.stderr.flush()
            self._drawn = True

    def close(self) -> None:
        if self._bar not in (None, False):
            self._bar.close()
        if self._drawn:
            sys.stderr.write("\n")
