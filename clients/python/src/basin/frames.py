"""Tables: as pandas or polars data frames or Arrow tables where those are installed, else as lists of dicts."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from .transport import Transport

Frame = Literal["pandas", "polars", "arrow", "records"]


def has(module: str) -> bool:
    """Whether a package is installed; it is not loaded."""
    return importlib.util.find_spec(module) is not None


def usual_frame() -> Frame:
    """pandas where it is installed, else polars, else plain records."""
    return "pandas" if has("pandas") else "polars" if has("polars") else "records"


def frame_of(records: Sequence[Mapping[str, Any]], frame: Frame | None = None) -> Any:
    """Rows as a table."""
    kind = frame or usual_frame()
    if kind == "records":
        return list(records)
    if kind == "pandas":
        import pandas

        return pandas.DataFrame.from_records(list(records))
    if kind == "polars":
        import polars

        return polars.from_dicts(list(records)) if records else polars.DataFrame()
    import pyarrow

    return pyarrow.Table.from_pylist(list(records))


def exported(transport: Transport, sweep: str, what: Literal["runs", "metrics"], frame: Frame | None = None) -> Any:
    """Every run, or every metric point, of a sweep: complete, never sampled. As Parquet where something reads it, else line by line."""
    kind = frame or usual_frame()
    path = f"/sweeps/{sweep}/export"
    if kind == "records" or (kind != "polars" and not has("pyarrow")):
        lines = transport.lines("GET", path, query={"what": what, "format": "ndjson"}, timeout=600.0)
        records = [_flat(json.loads(line)) for line in lines if line.strip()]
        return records if kind == "records" else frame_of(records, kind)
    content = transport.content("GET", path, query={"what": what, "format": "parquet"}, timeout=600.0)
    if kind == "polars":
        import polars

        return polars.read_parquet(io.BytesIO(content))
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(io.BytesIO(content))
    return table if kind == "arrow" else table.to_pandas()


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A run's record with the columns of the other formats."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("parameters", "metrics", "labels", "provenance") and isinstance(value, dict):
            flat.update({f"{name}.{key}": one for key, one in value.items()})
        else:
            flat[name] = value
    if "id" in flat and "run" not in flat:
        flat = {"run": flat.pop("id"), "trial": flat.pop("trialIndex", None), **{k: v for k, v in flat.items() if k != "trial"}}
    return flat


def table_html(rows: Iterable[Sequence[Any]], head: Sequence[str]) -> str:
    """A small table for a notebook."""
    import html

    cells = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(str(one))}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
