"""Every shape that an object's key has."""

from __future__ import annotations

import re

from store.errors import NotFound

SAFE_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
MAX_KEY = 1_024


def check(key: str) -> str:
    """`key` itself. Raises NotFound for one that could leave the store's folder."""
    if len(key) > MAX_KEY or not SAFE_KEY.fullmatch(key):
        raise NotFound("there is no such object")
    return key


def upload(upload_id: str) -> str:
    """The raw file as it came; it is never changed."""
    return f"uploads/{upload_id}/raw"


def upload_of(key: str) -> str | None:
    """The upload whose raw file has this key; None for any other object."""
    parts = key.split("/")
    return parts[1] if parts[0] == "uploads" else None


def of_dataset(dataset_id: str) -> tuple[str, ...]:
    """Every prefix whose objects belong to the data set and to nothing else."""
    return f"datasets/{dataset_id}/", f"vectors/{dataset_id}/", f"artefacts/{dataset_id}/"


def of_model(model_id: str) -> tuple[str, ...]:
    """As `of_dataset`, beside the bundles' files, which models share."""
    return (f"models/{model_id}/",)


def cluster_map(model_id: str, version_id: str) -> str:
    """The prefix of what a model version's map is drawn from."""
    return f"models/{model_id}/maps/{version_id}/"


def bulk_of(model_id: str, dataset_id: str = "") -> str:
    """The prefix of what a model answered in bulk: of a data set's rows it lies with these."""
    folder = f"datasets/{dataset_id}" if dataset_id else f"models/{model_id}"
    return f"{folder}/bulk/{model_id}/"


def operation(operation_id: str) -> str:
    """The prefix of what a bulk operation reads and leaves."""
    return f"operations/{operation_id}/"


def inline_rows(dataset_id: str, sha256: str) -> str:
    """Rows that came inside a request, as JSON lines."""
    return f"datasets/{dataset_id}/inline/{sha256}.jsonl"


def shard(dataset_id: str, version_id: str, number: int) -> str:
    """One Parquet file of normalised rows."""
    return f"datasets/{dataset_id}/{version_id}/shard-{number:05}.parquet"


def vectors(embedder_key: str, dataset_id: str) -> str:
    """The prefix of a data set's embedded rows, kept for every later training."""
    return f"vectors/{dataset_id}/{embedder_key}/"


def shard_texts(dataset_id: str, job_id: str, attempt: int, name: str) -> str:
    """Texts that an attempt at a training hands around to be embedded."""
    return f"datasets/{dataset_id}/embedding/{job_id}-{attempt}/{name}.parquet"


def index(dataset_id: str, index_id: str, build: str = "") -> str:
    """The prefix of what one attempt built of a search index; without it, of all of them."""
    prefix = f"datasets/{dataset_id}/search/{index_id}/"
    return f"{prefix}{build}/" if build else prefix


def engine(embedder_key: str) -> str:
    """The prefix of an exported embedder's files."""
    return f"engines/{embedder_key}/"


def artefacts(dataset_id: str, digest: str, stage: str) -> str:
    """The prefix of what a stage left; `digest` is of all that it depends on."""
    return f"artefacts/{dataset_id}/{stage}-{digest}/"


def job_log(job_id: str, dataset_id: str) -> str:
    """The lines of an ended job. They may tell of rows, so they go with the data set it read."""
    return f"{job_logs(dataset_id)}{job_id}.jsonl.gz"


def job_logs(dataset_id: str) -> str:
    """The prefix of the logs of jobs that read the data set, or none at all."""
    return f"datasets/{dataset_id}/logs/" if dataset_id else "logs/"


def job_of(key: str) -> str:
    """The job whose log has this key."""
    return key.rpartition("/")[2].partition(".")[0]


def blob(sha256: str) -> str:
    """A bundle's file by its content: versions share what they have in common."""
    return f"blobs/{sha256}"
