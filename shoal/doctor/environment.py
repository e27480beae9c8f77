"""Settings, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from shoal.doctor.finding import Finding, error, ok, warning
from store.settings import Settings

OTHERS = {
    "SHOAL_ADMIN_EMAIL", "SHOAL_ADMIN_PASSWORD", "SHOAL_BROWSER", "SHOAL_NO_BROWSER",
    "SHOAL_FAULTS", "SHOAL_BIND", "SHOAL_CLIENT_PORT", "SHOAL_CLIENT_ROOT", "SHOAL_FILES_ORIGIN",
    "SHOAL_FILES_URL", "SHOAL_INFERENCE_MEMORY", "SHOAL_PIPELINE_MEMORY", "SHOAL_SUBNET",
    "SHOAL_UPSTREAM", "SHOAL_VERSION",
}  # fmt: skip
"""Names that are no settings of a process, but of commands, tests and containers."""
DISTINCT = 10
"""Characters that a random secret of 32 has at least."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def known_names() -> set[str]:
    """Every `SHOAL_*` that something reads."""
    return {f"SHOAL_{name.upper()}" for name in Settings.model_fields} | OTHERS


def unknown_names(environ: Mapping[str, str]) -> Iterator[Finding]:
    """A misspelt setting has no effect, and nobody says so."""
    known = known_names()
    for name in sorted(each for each in environ if each.startswith("SHOAL_") and each not in known):
        near = get_close_matches(name, known, 1)
        meant = f"did you mean {near[0]}?" if near else "docs/settings.md lists those that are"
        yield warning(name, "is no setting, and has no effect", meant)


def settings(given: Settings) -> Iterator[Finding]:
    """Values that are legal and yet not wise."""
    yield _secret(given.secret_key.get_secret_value())
    yield from _addresses(given)
    yield from _times(given)


def _secret(secret: str) -> Finding:
    if len(set(secret)) < DISTINCT or secret.lower().startswith(("change", "secret", "example")):
        return error(
            "SECRET_KEY", "can be guessed",
            "set one of `openssl rand -hex 32`, and this one as SECRET_KEY_PREVIOUS for 30 days",
        )  # fmt: skip
    return ok("SECRET_KEY", "is long and varied")


def _addresses(given: Settings) -> Iterator[Finding]:
    public = urlsplit(given.public_url)
    is_local = public.hostname in LOOPBACK
    if public.scheme not in ("http", "https") or not public.hostname:
        yield error("SHOAL_PUBLIC_URL", f"{given.public_url} is no address", "set the one in use")
    elif public.scheme == "http" and not is_local:
        yield warning(
            "SHOAL_PUBLIC_URL", "people sign in without TLS", "put a proxy with TLS before it"
        )
    elif is_local and given.host not in LOOPBACK:
        yield warning(
            "SHOAL_PUBLIC_URL", f"is {given.public_url}, though the server listens on {given.host}",
            "set the address that browsers use: signed URLs begin with it",
        )  # fmt: skip
    else:
        yield ok("SHOAL_PUBLIC_URL", given.public_url)
    plain = [each for each in given.allowed_origins if each.startswith("http:")]
    if plain and public.scheme == "https":
        yield warning(
            "SHOAL_ALLOWED_ORIGINS", f"{plain[0]} has no TLS", "name its https address instead"
        )


def _times(given: Settings) -> Iterator[Finding]:
    if given.heartbeat_s * 3 > given.lease_s:
        yield error(
            "SHOAL_HEARTBEAT_S", f"{given.heartbeat_s:g} s is too long for a lease of "
            f"{given.lease_s:g} s: jobs would be taken from workers that live",
            "make SHOAL_LEASE_S at least three times as long",
        )  # fmt: skip
    elif given.service_timeout_s >= given.lease_s:
        yield warning(
            "SHOAL_SERVICE_TIMEOUT_S", "is as long as a lease: one slow answer loses a job",
            "make it shorter than SHOAL_LEASE_S",
        )  # fmt: skip
    else:
        yield ok("time-outs", "fit one another")
