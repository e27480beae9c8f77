"""How soon the server is ready, and what it imports."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.figure import Figure, at_most
from bench.platform import Stopwatch
from shoal.ports import free_port
from shoal.stack import is_ready
from store.settings import Settings

ML_LIBRARIES = ("numpy", "scipy", "sklearn", "torch", "onnxruntime", "pyarrow", "transformers")
LOOK = f"""
import sys, server.app
print(sum(name in sys.modules for name in {ML_LIBRARIES!r}))
"""


def startup(settings: Settings) -> list[Figure]:
    """Seconds from the command to /readyz, and the number of ML libraries imported."""
    looked = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, check=True)
    return [
        at_most("server_ml_imports", float(looked.stdout), 0),
        at_most("server_ready", _seconds_to_ready(settings), 2, "s"),
    ]


def _seconds_to_ready(settings: Settings) -> float:
    port = free_port()
    environ = os.environ | {"SHOAL_PORT": str(port)}
    watch = Stopwatch()
    server = subprocess.Popen(
        [sys.executable, "-m", "server"], env=environ, stderr=subprocess.DEVNULL
    )
    try:
        while not is_ready(f"http://127.0.0.1:{port}"):
            if server.poll() is not None:
                raise RuntimeError("the server ended before it was ready")
        return watch.seconds
    finally:
        server.terminate()
        server.wait()
