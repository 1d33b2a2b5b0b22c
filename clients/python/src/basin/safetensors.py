"""Weights as NumPy arrays, from the safetensors format (https://github.com/huggingface/safetensors): 8 bytes of length, JSON, data."""

from __future__ import annotations

import json
from typing import Any

_KINDS = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}


def read_tensors(content: bytes) -> dict[str, Any]:
    """Arrays by name. Needs NumPy. Raises ValueError for what is no safetensors file."""
    import numpy

    if len(content) < 8:
        raise ValueError("not a safetensors file: it has fewer than 8 bytes")
    length = int.from_bytes(content[:8], "little")
    if length > len(content) - 8:
        raise ValueError(f"not a safetensors file: its header would have {length} bytes of {len(content)}")
    header = json.loads(content[8 : 8 + length])
    start = 8 + length
    arrays = {}
    for name, told in header.items():
        if name == "__metadata__":
            continue
        if told["dtype"] not in _KINDS:
            raise ValueError(f"{name} is of type {told['dtype']}, which NumPy has not")
        begin, end = told["data_offsets"]
        data = content[start + begin : start + end]
        arrays[name] = numpy.frombuffer(data, dtype=_KINDS[told["dtype"]]).reshape(told["shape"])
    return arrays


def write_tensors(arrays: dict[str, Any]) -> bytes:
    """The same the other way round: for `run.artifact("weights.safetensors", …, kind="weights")`."""
    import numpy

    kinds = {numpy.dtype(kind): name for name, kind in _KINDS.items()}
    header: dict[str, Any] = {}
    pieces: list[bytes] = []
    at = 0
    for name, value in arrays.items():
        array = numpy.ascontiguousarray(value)
        kind = kinds.get(array.dtype.newbyteorder("<")) or kinds.get(array.dtype)
        if kind is None:
            raise ValueError(f"{name} is of type {array.dtype}, which safetensors has not")
        data = array.tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [at, at + len(data)]}
        at += len(data)
        pieces.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(pieces)
