from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from shoal.ports import free_port, is_open
from shoal.process import start
from store.settings import Settings
from tests.conftest import environ_of

ML_LIBRARIES = {
    "torch", "sklearn", "sentence_transformers", "transformers", "onnxruntime", "scipy", "faiss",
    "pyarrow", "openvino", "model2vec", "tokenizers", "numpy", "pandas",
}  # fmt: skip


def test_the_server_imports_no_ml_library() -> None:
    script = "import sys, server.__main__; print(*sys.modules)"
    output = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert ML_LIBRARIES.isdisjoint(output.split())


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


@pytest.mark.parametrize(("most", "granted", "warns"), [(9_000, 4_096, False), (300, 300, True)])
def test_as_many_files_are_asked_for_as_sockets_need(most: int, granted: int, warns: bool) -> None:
    script = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, {most}))
from server.__main__ import allow_files
allow_files()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
    output = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert output.endswith(f"{granted}\n")
    assert ("few_open_files" in output) is warns
