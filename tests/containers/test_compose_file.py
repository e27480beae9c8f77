"""What docker-compose.yml says, as far as it can be known without an engine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from shoal.environment import SECRETS, write
from shoal.services import script
from store.settings import Settings
from tests.containers.compose import COMPOSE, OURS, VARIABLE, compose, read_env
from tests.containers.context import ROOT
from tests.containers.dockerfile import Dockerfile

RAW = COMPOSE.read_text()
SERVICES: dict[str, Any] = yaml.safe_load(RAW)["services"]
KNOWN = {
    str(field.validation_alias or f"SHOAL_{name.upper()}")
    for name, field in Settings.model_fields.items()
}
CLIENT = Dockerfile.read(ROOT / "Dockerfile.client").environment


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The file with what `shoal init` makes."""
    path = tmp_path_factory.mktemp("compose") / ".env"
    write(path, force=False)
    return compose(read_env(path))


def test_it_follows_the_specification() -> None:
    told = subprocess.run(
        [script("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("name", SECRETS)
def test_it_is_refused_without_each_secret(name: str, tmp_path: Path) -> None:
    write(tmp_path / ".env", force=False)
    environ = read_env(tmp_path / ".env")
    assert compose(environ)
    for missing in ({name: ""}, {}):
        rest = {each: value for each, value in environ.items() if each != name} | missing
        with pytest.raises(KeyError, match=f"{name}: run shoal init"):
            compose(rest)


def test_no_secret_has_a_default() -> None:
    asked = {match[1]: match[2] for match in VARIABLE.finditer(RAW) if match[1]}
    secret = {name for name, rule in asked.items() if rule == "?"}
    assert secret == set(SECRETS)
    assert all(rule == "-" for name, rule in asked.items() if name not in secret)


def test_secrets_are_in_no_argument(whole: dict[str, Any]) -> None:
    values = [whole["services"]["redis"]["environment"]["REDIS_PASSWORD"]]
    values += [whole["services"]["mongo"]["environment"]["MONGO_PASSWORD"]]
    for name, service in whole["services"].items():
        words = str([service.get(key) for key in ("command", "entrypoint", "healthcheck")])
        assert not any(value in words for value in values), name


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_right_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["mem_limit"]
    assert service["logging"]["options"]["max-size"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert "docker.sock" not in str(service)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_checked(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["healthcheck"] == {"disable": True}
    elif "build" in service and "healthcheck" not in service:
        image = Dockerfile.read(ROOT / service["build"]["dockerfile"]).steps
        assert image.all("HEALTHCHECK")
    else:
        assert service["healthcheck"]["test"]


def test_what_starts_first_is_waited_for() -> None:
    for name, service in SERVICES.items():
        for other, rule in service.get("depends_on", {}).items():
            ends = SERVICES[other]["restart"] == "no"
            wanted = "service_completed_successfully" if ends else "service_healthy"
            assert rule == {"condition": wanted}, (name, other)
    for name in set(OURS) - {"migrate"}:
        assert set(SERVICES[name]["depends_on"]) == {"migrate", "mongo", "redis", "minio"}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_that_the_settings_know(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= KNOWN
    assert set(SERVICES["client"]["environment"]) <= set(CLIENT)


def test_workers_can_be_many() -> None:
    for name in ("pipeline-worker", "inference-worker", "webhooks"):
        assert "container_name" not in SERVICES[name]
        assert "hostname" not in SERVICES[name]
        assert "ports" not in SERVICES[name]


def test_the_ports_are_those_of_the_documents(whole: dict[str, Any]) -> None:
    services = whole["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {
        "client": ["127.0.0.1:3000:3000"],
        "server": ["127.0.0.1:8000:8000"],
        "redis": ["127.0.0.1:6379:6379"],
        "minio": ["127.0.0.1:9000:9000", "127.0.0.1:9001:9001"],
    }


def test_volumes_and_files_are_there(whole: dict[str, Any]) -> None:
    for service in whole["services"].values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (ROOT / source).is_file(), source


def test_services_go_by_the_names_that_others_use(whole: dict[str, Any]) -> None:
    services = whole["services"]
    given = services["server"]["environment"]
    hosts = [re.search(r"@(\w+):", given[name]) for name in ("MONGO_DB_URI", "REDIS_URL")]
    assert [host and host[1] for host in hosts] == ["mongo", "redis"]
    assert given["MINIO_ENDPOINT"].split(":")[0] in services
    assert services["client"]["environment"]["SHOAL_UPSTREAM"].split(":")[0] in services
    health = (ROOT / "deploy" / "mongo" / "health.js").read_text()
    assert 'host: "mongo:27017"' in health
    assert "--replSet rs0" in services["mongo"]["entrypoint"][2]
    assert "replicaSet=rs0" in given["MONGO_DB_URI"]


def test_the_server_believes_the_proxy_and_no_other(whole: dict[str, Any]) -> None:
    [network] = whole["networks"]["default"]["ipam"]["config"]
    given = {
        name: value
        for name, value in whole["services"]["server"]["environment"].items()
        if value is not None
    }
    aliased = {name: given[name] for name in given if not name.startswith("SHOAL_")}
    assert given["SHOAL_TRUSTED_PROXIES"] == f'["{network["subnet"]}"]'
    assert Settings.model_validate(aliased).minio_endpoint == "minio:9000"
