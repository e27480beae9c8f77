"""Files of vectors, by which a text that was embedded once is never embedded again.

A file is named by the keys it holds, in order. So the same texts give the same name, whoever
embeds them: a name that is there is work that is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from workers.pipeline.arrays import Floats
from workers.pipeline.embedders import Embedded

Known = dict[bytes, tuple[Floats, bool]]
"""Vector, and whether the text was cut, by the text's key."""
KEY_BYTES = 16
SUFFIX = ".npz"


def key_of(text: str) -> bytes:
    """What a vector is found by: 16 bytes of BLAKE2b of the text."""
    return hashlib.blake2b(text.encode(), digest_size=KEY_BYTES).digest()


def name_of(keys: Iterable[bytes]) -> str:
    """The name, without its suffix, of the file that holds the keys in this order."""
    return hashlib.sha256(b"".join(keys)).hexdigest()


def write_vectors(folder: Path, keys: Iterable[bytes], embedded: Embedded) -> Path:
    """One file of a vector for each key."""
    folder.mkdir(parents=True, exist_ok=True)
    joined = b"".join(keys)
    path = folder / f"{name_of([joined])}{SUFFIX}"
    np.savez(
        path,
        keys=np.frombuffer(joined, np.uint8).reshape(-1, KEY_BYTES),
        vectors=embedded.vectors,
        truncated=embedded.truncated,
    )
    return path


def read_vectors(folder: Path) -> Known:
    """Every vector in the folder's files, by key."""
    known: Known = {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with np.load(path, allow_pickle=False) as saved:
            rows = zip(_keys(saved["keys"]), saved["vectors"], saved["truncated"], strict=True)
            known.update((key, (vector, bool(cut))) for key, vector, cut in rows)
    return known


def read_keys(folder: Path) -> set[bytes]:
    """The keys in the folder's files; their vectors stay on the disk."""
    known: set[bytes] = set()
    for path in folder.glob(f"*{SUFFIX}"):
        with np.load(path, allow_pickle=False) as saved:
            known.update(_keys(saved["keys"]))
    return known


def _keys(rows: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[bytes]:
    return [bytes(key) for key in rows.view(f"V{KEY_BYTES}").ravel()]
