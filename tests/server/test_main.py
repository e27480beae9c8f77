from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx

from shoal.ports import free_port, is_open
from shoal.process import start
from store.settings import Settings
from tests.conftest import environ_of

ML_LIBRARIES = {
    "torch", "sklearn", "sentence_transformers", "transformers", "onnxruntime", "scipy", "faiss",
    "pyarrow", "openvino", "model2vec", "tokenizers", "numpy", "pandas",
}  # fmt: skip


def test_a_server_process_starts_answers_and_stops(settings: Settings, tmp_path: Path) -> None:
    port = free_port()
    environment = environ_of(settings, SHOAL_PORT=port)
    log = tmp_path / "server.log"
    process = start("server", [sys.executable, "-m", "server"], log, environment)
    process.wait_until(lambda: is_open(port))
    url = f"http://127.0.0.1:{port}"
    assert httpx.get(f"{url}/readyz").json()["ok"] is True
    headers = {"content-type": "application/json"}
    assert httpx.post(f"{url}/graphql", content=b"null", headers=headers).status_code == 400
    process.stop()
    assert process.popen.returncode == -signal.SIGTERM  # raised again by uvicorn at the very end
    assert "Application shutdown complete" in log.read_text()
    assert '"path": "/graphql"' in log.read_text()
    assert "Traceback" not in log.read_text()


def test_what_it_loads_and_how_many_files_it_asks_for() -> None:
    """As many as sockets need; it warns where fewer are to be had."""
    script = """
import resource, sys
from server.__main__ import allow_files
print(*sys.modules)
for most in (9_000, 300):
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
    allow_files()
    print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
    modules, *told = subprocess.check_output([sys.executable, "-c", script], text=True).splitlines()
    assert ML_LIBRARIES.isdisjoint(modules.split())
    granted, warned, also_granted = told
    assert (granted, also_granted) == ("4096", "300")
    assert "few_open_files" in warned
