"""The file `.env` of an installation in containers: secrets that are made, never chosen."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from shoal.folder import write_private

LEAST_LETTERS = 32
"""As many as SECRET_KEY must have; hexadecimal ones are 128 bits."""
DISTINCT_LETTERS = 6
"""Twenty random hexadecimal ones have fewer once in millions of times."""
SECRETS = {
    "SECRET_KEY": (32, "signs tokens, cursors and links"),
    "MONGO_ROOT_PASSWORD": (24, "MongoDB's administrator, whom only its health check needs"),
    "MONGO_PASSWORD": (24, "the platform's user in MongoDB"),
    "MONGO_REPLICA_KEY": (32, "what members of the replica set know each other by"),
    "REDIS_PASSWORD": (24, "of Redis's one user"),
    "MINIO_ACCESS_KEY": (10, "MinIO's administrator, for its console as well: the name"),
    "MINIO_SECRET_KEY": (20, "and the password; S3 knows 20 and 40 letters"),
}
"""How many bytes each has, and what it is for."""
CHOICES = """
# Where people reach the dashboard, and their browsers the files. Restart after a change.
#SHOAL_PUBLIC_URL=https://shoal.example.org
#SHOAL_FILES_URL=https://files.example.org
# 0.0.0.0 lets other machines in: put TLS in front first
#SHOAL_BIND=127.0.0.1
#SHOAL_PIPELINE_MEMORY=6g
"""
LINE = re.compile(r"\s*(?:export\s+)?([A-Z_]+)\s*=\s*(['\"]?)(.*?)\2\s*")


class BadEnvironment(Exception):
    """The file that is there would not do, or is not to be replaced."""


def write(path: Path, *, force: bool) -> bool:
    """Make the file; whether it was made. One that is there and will do is left as it is.

    Raises BadEnvironment.
    """
    if path.exists() and not force:
        if faults := [*_faults(path.read_text())]:
            told = "\n".join(f"  {fault}" for fault in faults)
            raise BadEnvironment(
                f"{path} is there already, but will not do:\n{told}\n"
                "Mend it. To make all secrets anew, use --force: what was stored under the old "
                "ones cannot be opened with the new."
            )
        return False
    path.unlink(missing_ok=True)  # its mode would stay
    write_private(path, _text(), exclusive=True)
    return True


def _text() -> str:
    lines = ["# Made by `shoal init`. Keep a copy in a safe place: backups cannot hold it."]
    for name, (size, what) in SECRETS.items():
        # hexadecimal, because it stands in URLs and key files as it is
        lines += [f"# {what}", f"{name}={secrets.token_hex(size)}"]
    return "\n".join(lines) + "\n" + CHOICES.rstrip()


def _faults(text: str) -> list[str]:
    found = {match[1]: match[3] for match in map(LINE.fullmatch, text.splitlines()) if match}
    return [fault for name in SECRETS if (fault := _fault(name, found.get(name)))]


def _fault(name: str, value: str | None) -> str:
    if not value:
        return f"{name} is not set"
    if len(value) < (least := min(LEAST_LETTERS, 2 * SECRETS[name][0])):
        return f"{name} is too short: {least} letters are the least"
    if len(set(value.lower())) < DISTINCT_LETTERS:
        return f"{name} is too simple: it has few letters, again and again"
    if not re.fullmatch(r"[A-Za-z0-9]+", value):
        return f"{name} has letters that mean something in a URL: use A-Z, a-z and 0-9"
    return ""
