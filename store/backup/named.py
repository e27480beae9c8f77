"""Which objects the records of a backup need, and which of those that exist belong to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from store.mongo.copying import Document
from store.objects import keys
from store.records.bulk import BulkStatus
from store.records.dataset import UploadStatus
from store.records.job import JobStatus

ENDED = {status.value for status in JobStatus if status.is_terminal}
Need = tuple[str, str | None, str | None]
"""A key, the digest that its record tells, and the data set or model that needs it."""


class Named:
    """Is shown every document of the collections that name objects."""

    def __init__(self) -> None:
        self._needs: list[Need] = []
        self._purging: set[str] = set()
        self._owners: set[str] = set()
        self._ended: set[str] = set()
        self._see: dict[str, Callable[[Document], None]] = {
            "uploads": self._upload,
            "datasets": self._trashable,
            "models": self._trashable,
            "dataset_versions": self._dataset_version,
            "model_versions": self._model_version,
            "bulk_predictions": self._bulk_prediction,
            "bulk_operations": self._bulk_operation,
            "jobs": self._job,
        }

    def see(self, collection: str, document: Document) -> None:
        if see := self._see.get(collection):
            see(document)

    def needed(self) -> dict[str, str | None]:
        """Keys of objects that must be there, and their digests where a record tells them.

        What is being purged needs nothing: its objects go before its record.
        """
        live = (need for need in self._needs if need[2] not in self._purging)
        found: dict[str, str | None] = {}
        for key, sha256, _ in live:
            found[key] = sha256 or found.get(key)
        return found

    def has_ended(self, job_id: str) -> bool:
        """Whether that job was at its end when the records were cut."""
        return job_id in self._ended

    def belongs(self, key: str) -> bool:
        """Whether an object that nothing needs is to be kept: it is of something that is known.

        What came after the records were cut would be nobody's. The log of a job that was at work
        then is written anew when it has ended.
        """
        kind, _, rest = key.partition("/")
        owner, _, inner = rest.partition("/")
        if kind == "blobs" or "/embedding/" in key:
            return False
        if kind == "logs" or inner.startswith("logs/"):
            return self.has_ended(keys.job_of(key))
        return owner in self._owners or kind not in OWNED

    def _upload(self, upload: Document) -> None:
        self._owners.add(upload["_id"])
        if upload["status"] == UploadStatus.COMPLETE.value:
            self._needs.append((upload["object_key"], upload["sha256"], None))

    def _trashable(self, thing: Document) -> None:
        self._owners.add(thing["_id"])
        if thing.get("purge_bytes") is not None:
            self._purging.add(thing["_id"])

    def _dataset_version(self, version: Document) -> None:
        owner, source = version["dataset_id"], version["source"]
        self._needs.append((source["object_key"], source["sha256"] or None, owner))
        for shard in version.get("shards", ()):
            self._needs.append((shard["object_key"], shard["sha256"], owner))

    def _model_version(self, version: Document) -> None:
        for file in version["files"]:
            self._needs.append((keys.blob(file["sha256"]), file["sha256"], version["model_id"]))

    def _bulk_prediction(self, answers: Document) -> None:
        if answers["status"] == BulkStatus.READY.value and answers.get("object_key"):
            owner = answers.get("dataset_id") or answers.get("model_id")
            self._needs.append((answers["object_key"], None, owner))

    def _bulk_operation(self, operation: Document) -> None:
        self._owners.add(operation["_id"])
        for key in _keys_of(operation):
            self._needs.append((key, None, None))

    def _job(self, job: Document) -> None:
        if job["status"] in ENDED:
            self._ended.add(job["_id"])


OWNED = {"uploads", "datasets", "vectors", "artefacts", "models", "operations"}
"""First parts of keys whose second part says whose the object is; others are kept as they are."""


def _keys_of(operation: Mapping[str, Any]) -> Iterator[str]:
    if operation["status"] != "EXPIRED":
        yield from operation.get("parts", ())
        yield from filter(None, (operation.get("object_key"), operation.get("lines_key")))
