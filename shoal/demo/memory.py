"""What the demo keeps between runs: its API key, and what became of each file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from shoal.folder import write_private


@dataclass(frozen=True)
class Done:
    """How far one file came."""

    version_id: str = ""
    training_job_id: str = ""


class Memory:
    """One private JSON file in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "demo.json"
        plain = json.loads(self._path.read_text()) if self._path.exists() else {}
        self.api_key: str = plain.get("api_key", "")
        self._files = {sha256: Done(**done) for sha256, done in plain.get("files", {}).items()}

    def recall(self, sha256: str) -> Done:
        """How far the file with this digest came; nowhere when it is new."""
        return self._files.get(sha256, Done())

    def remember(self, sha256: str, done: Done) -> None:
        self._files[sha256] = done
        self._write()

    def remember_key(self, api_key: str) -> None:
        self.api_key = api_key
        self._write()

    def _write(self) -> None:
        files = {sha256: asdict(done) for sha256, done in self._files.items()}
        write_private(self._path, json.dumps({"api_key": self.api_key, "files": files}, indent=1))
