"""How soon the server is ready, and what it imports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

from bench.figure import Figure, at_most
from bench.platform import Stopwatch
from shoal.ports import free_port
from shoal.stack import is_ready

ML_LIBRARIES = ("numpy", "scipy", "sklearn", "torch", "onnxruntime", "pyarrow", "transformers")
STARTS = 3
LOOK = f"""
import sys, server.app
print(sum(name in sys.modules for name in {ML_LIBRARIES!r}))
"""


def startup(environ: Mapping[str, str]) -> list[Figure]:
    """Seconds from the command to /readyz, and the number of ML libraries imported.

    Of some starts the soonest: during the first, the platform's own workers are still starting.
    """
    looked = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, check=True)
    return [
        at_most("server_ml_imports", float(looked.stdout), 0),
        at_most("server_ready", min(_seconds_to_ready(environ) for _ in range(STARTS)), 2, "s"),
    ]


def _seconds_to_ready(environ: Mapping[str, str]) -> float:
    port = free_port()
    watch = Stopwatch()
    server = subprocess.Popen(
        [sys.executable, "-m", "server"], env={**environ, "SHOAL_PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not is_ready(f"http://127.0.0.1:{port}"):
            if server.poll() is not None:
                raise RuntimeError("the server ended before it was ready")
        return watch.seconds
    finally:
        server.terminate()
        server.wait()
