"""Every setting, read from the environment; docs/settings.md lists them for operators."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pydantic import Field, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from store.errors import BadSettings
from store.records.job import JobKind

HINT = "docs/settings.md says what each setting means, and which ones all processes share"
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
"""As browsers send it: neither a path nor a wildcard."""
MAX_RUNNING = {
    JobKind.INGEST: 16, JobKind.TRAIN: 16, JobKind.PURGE: 2,
    JobKind.PREDICT: 8, JobKind.CHECK: 8, JobKind.INDEX: 8,
    JobKind.REFIT: 8, JobKind.COMPARE: 8, JobKind.DRIFT: 4, JobKind.OPERATION: 2,
}  # fmt: skip


class Settings(BaseSettings):
    """Given names (`SECRET_KEY`, `MONGO_DB_URI`, ...) as they are, the rest under `SHOAL_`."""

    model_config = SettingsConfigDict(env_prefix="SHOAL_", frozen=True, extra="ignore")

    secret_key: SecretStr = Field(validation_alias="SECRET_KEY", min_length=32)
    """Signs access tokens, cursors and volume URLs."""
    secret_key_previous: SecretStr | None = Field(
        default=None, validation_alias="SECRET_KEY_PREVIOUS", min_length=32
    )
    """What it signed is still good; unset it when the last of that has expired."""
    mongo_db_uri: str = Field(validation_alias="MONGO_DB_URI")
    redis_url: str = Field(validation_alias="REDIS_URL")
    model_path: Path | None = Field(default=None, validation_alias="MODEL_PATH")
    """A bundle folder that inference workers serve from the start, under its folder's name."""

    minio_endpoint: str | None = Field(default=None, validation_alias="MINIO_ENDPOINT")
    """`host:port` of MinIO or S3; unset keeps files in the volume under `data`."""
    minio_access_key: SecretStr = Field(default=SecretStr(""), validation_alias="MINIO_ACCESS_KEY")
    minio_secret_key: SecretStr = Field(default=SecretStr(""), validation_alias="MINIO_SECRET_KEY")
    minio_secure: bool = Field(default=False, validation_alias="MINIO_SECURE")
    minio_public_endpoint: str | None = None
    """Where clients reach the object store, if elsewhere than `minio_endpoint`."""
    bucket: str = "shoal"

    database: str = "shoal"
    redis_prefix: str = "shoal"
    """First part of every Redis key, so that installations can share one server."""
    data: Path = Path(".shoal")
    """The folder of the volume and of scratch space."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    """Where clients reach the server; volume upload and download URLs begin with it."""
    allowed_origins: tuple[str, ...] = ()
    """Origins besides the server's own that browsers may call from."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies whose `X-Forwarded-For` tells the caller's address."""
    client_dist: Path | None = None
    """The built client's folder, when this server is to serve it."""
    trusted_documents_only: bool = False
    """People are answered the documents of that client and no others; programs and admins all."""

    access_token_ttl_s: int = 900
    refresh_token_ttl_s: int = 30 * 24 * 3600
    invitation_ttl_s: int = 7 * 24 * 3600
    upload_ttl_s: int = 24 * 3600
    download_ttl_s: int = 600

    max_upload_bytes: int = 20 * 2**30
    max_inline_bytes: int = 2**20
    max_body_bytes: int = 4 * 2**20
    max_streams: PositiveInt = 1_500
    """Sockets and event streams that a user, an API key, or an address that has not said who it is
    may have open with one server process."""

    service_timeout_s: float = 5.0
    """Longest wait for one answer of MongoDB, Redis or the object store."""
    predict_timeout_s: float = 10.0
    max_waiting_calls: int = 1_000
    """Texts waiting for inference past which callers get OVERLOADED."""
    answer_ttl_s: int = 24 * 3600
    audit_ttl_s: int = 400 * 24 * 3600
    """How long entries of the audit log are kept; 0 keeps them for ever."""
    prediction_ttl_s: int = 0
    """How long answers that nobody corrected stay in the log; 0 keeps them with their model."""
    job_log_ttl_s: int = 0
    """How long logs of jobs are kept; 0 keeps them with their data set."""
    event_ttl_s: int = 30 * 24 * 3600
    """How long the history of a thing to which nothing happens any more can be followed."""
    trash_ttl_s: int = 7 * 24 * 3600
    """How long what was deleted can be restored."""
    bulk_ttl_s: int = 30 * 24 * 3600
    """How long the files of bulk predictions are kept."""
    operation_ttl_s: int = 7 * 24 * 3600
    """How long the results of bulk operations are kept."""
    webhook_allowed_hosts: tuple[str, ...] = ()
    """Hosts and networks beside public ones that webhooks may reach, also without TLS."""
    webhook_ca: Path | None = None
    """Certificates, as PEM, that webhooks trust beside those of the system."""
    max_running: dict[JobKind, PositiveInt] = MAX_RUNNING
    """Jobs of each kind that run at once, over all hosts; a kind that is left out keeps its own."""
    lease_s: float = 30.0
    heartbeat_s: float = 5.0
    feed_heartbeat_s: float = 10.0
    max_events: int = 200_000
    """Events kept in the feed of all; the feed of one subject keeps its last 20,000."""

    user_points: PositiveInt = 20_000
    """What the operations of a user may cost at once, and all of their API keys' as well."""
    user_points_per_s: PositiveInt = 2_000
    """How many come back in a second."""
    key_points: PositiveInt = 10_000
    """The same for one API key, so that one program leaves room for the others and its owner."""
    key_points_per_s: PositiveInt = 1_000
    quota_storage_bytes: PositiveInt = 500 * 2**30
    """What a user's data sets, models and files may take up; an admin may choose otherwise."""
    quota_jobs_at_once: PositiveInt = 1_000
    quota_jobs_per_day: PositiveInt = 20_000
    quota_predictions_per_day: PositiveInt = 10_000_000

    metrics_port: int | None = None
    """Where a worker answers Prometheus, one port a process; unset, it does not."""
    metrics_host: str = "127.0.0.1"
    log_level: str = "INFO"
    log_json: bool = True

    @field_validator("max_running")
    @classmethod
    def _every_kind(cls, given: dict[JobKind, int]) -> dict[JobKind, int]:
        return MAX_RUNNING | given

    @field_validator("allowed_origins")
    @classmethod
    def _exact_origins(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for origin in given:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin such as https://app.example.org")
        return given

    @cached_property
    def secret(self) -> bytes:
        return self.secret_key.get_secret_value().encode()

    @cached_property
    def secrets(self) -> tuple[bytes, ...]:
        """All that verify: the one that signs, and the one that did so before."""
        previous = self.secret_key_previous
        return (self.secret, *([previous.get_secret_value().encode()] if previous else []))


def read_settings() -> Settings:
    """From the environment. Raises BadSettings, which names every variable that is to be mended."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [_fault(*map(str, each["loc"]), why=each) for each in error.errors()]
        raise BadSettings(f"{'; '.join(faults)}. {HINT}") from None
    except SettingsError as error:  # text that should have been JSON
        raise BadSettings(f"{error}. {HINT}") from None


def _fault(field: str, *inner: str, why: ErrorDetails) -> str:
    variable = f"SHOAL_{field.upper()}" if field in Settings.model_fields else field
    if why["type"] == "missing":
        return f"{variable} is not set"
    return f"{'.'.join([variable, *inner])}: {why['msg'][0].lower()}{why['msg'][1:]}"
