"""The manifests: each by Kubernetes' own schemas, and all of them together."""

from __future__ import annotations

import json
import subprocess
import warnings
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from motor.motor_asyncio import AsyncIOMotorClient

from store.records.embed_shard import EmbedShardStatus
from store.records.job import JobKind, JobStatus
from store.settings import Settings
from store.store import Store
from tests.containers.composed import Composed
from tests.containers.context import ROOT
from tests.containers.dockerfile import Dockerfile
from tests.containers.test_compose_file import CLIENT, KNOWN, SERVICES
from tests.store.waiting import submitted
from workers.pipeline_worker import MAX_JOBS

FOLDER = ROOT / "deploy" / "kubernetes"
VERSION = "1.34"
NOT_KUBERNETES = ("kustomize.config.k8s.io/v1beta1", "keda.sh/v1alpha1")
"""What others define; KEDA's are described at its own site."""
SECRETS = {
    "SECRET_KEY": "s" * 40, "MONGO_DB_URI": "mongodb://db", "REDIS_URL": "redis://cache",
    "MINIO_ACCESS_KEY": "key", "MINIO_SECRET_KEY": "secret",
}  # fmt: skip
"""What settings.yaml says that the Secret holds."""

Object = dict[str, Any]
KUSTOMIZATION: Object = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
OBJECTS: list[Object] = [
    each
    for name in KUSTOMIZATION["resources"]
    for each in yaml.safe_load_all((FOLDER / name).read_text())
]


def named(*kinds: str) -> dict[str, Object]:
    return {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] in kinds}


def template(each: Object) -> Object:
    """The pod that it makes."""
    spec = each["spec"].get("jobTemplate", each)["spec"]
    made: Object = spec["template"]
    return made


WORKLOADS = named("Deployment", "Job", "CronJob")
DEPLOYMENTS = named("Deployment")
CONFIG: dict[str, str] = named("ConfigMap")["shoal"]["data"]
PODS = {name: template(each) for name, each in WORKLOADS.items()}


def test_every_file_is_in_the_kustomization() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert files == set(KUSTOMIZATION["resources"])


@pytest.mark.parametrize("each", OBJECTS, ids=lambda o: f"{o['kind']}-{o['metadata']['name']}")
def test_it_is_what_kubernetes_takes(each: Object) -> None:
    if each["apiVersion"] in NOT_KUBERNETES:
        assert each["kind"] in ("ScaledObject", "TriggerAuthentication")
        return
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        kubernetes_validate.validate(each, VERSION, strict=True)


def test_names_are_used_once() -> None:
    names = [(each["kind"], each["metadata"]["name"]) for each in OBJECTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_right_that_it_does_not_need(name: str) -> None:
    pod = PODS[name]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"].keys() >= {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]
        mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounted["tmp"] == "/tmp"
        assert set(mounted) == {volume["name"] for volume in pod["volumes"]}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_runs_an_image_of_ours_as_its_user(name: str) -> None:
    [container] = PODS[name]["spec"]["containers"]
    image = container["image"]
    assert image in {each["name"] for each in KUSTOMIZATION["images"]}
    file = Dockerfile.read(ROOT / f"Dockerfile.{image.removeprefix('shoal-')}").steps
    context = PODS[name]["spec"]["securityContext"]
    assert file.all("USER")[-1] == f"{context['runAsUser']}:{context['runAsGroup']}"
    exposed = {int(port) for port in file.all("EXPOSE")} | {int(CONFIG["SHOAL_METRICS_PORT"])}
    ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
    assert set(ports.values()) <= exposed
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = container.get(probe, {}).get("httpGet")
        assert asked is None or asked["port"] in ports
    assert container.get("livenessProbe") or name not in DEPLOYMENTS


def test_the_commands_are_those_of_compose() -> None:
    for name in set(PODS) - {"backup", "client"}:
        [container] = PODS[name]["spec"]["containers"]
        assert container["args"] == SERVICES[name]["command"]
    checks = {
        name: PODS[name]["spec"]["containers"][0]["livenessProbe"]["exec"]["command"]
        for name in ("pipeline-worker", "inference-worker")
    }
    for name, check in checks.items():
        assert ["CMD", *check] == SERVICES[name]["healthcheck"]["test"]


def test_settings_and_secrets_are_whole_and_known() -> None:
    assert set(CONFIG) <= KNOWN
    assert not set(CONFIG) & set(SECRETS)
    text = (FOLDER / "settings.yaml").read_text()
    assert all(f"{name}" in text for name in SECRETS)
    plain = {name: value for name, value in CONFIG.items() if not name.startswith("SHOAL_")}
    assert Settings.model_validate(plain | SECRETS).minio_secure is True
    for name in set(PODS) - {"client"}:
        [container] = PODS[name]["spec"]["containers"]
        assert container["envFrom"] == [
            {"configMapRef": {"name": "shoal"}}, {"secretRef": {"name": "shoal"}},
        ]  # fmt: skip


def test_the_client_is_given_what_its_image_knows() -> None:
    [container] = PODS["client"]["spec"]["containers"]
    assert {each["name"] for each in container["env"]} <= set(CLIENT)
    for each in container["env"]:
        if "valueFrom" in each:
            assert each["valueFrom"]["configMapKeyRef"]["key"] in CONFIG
        else:
            namespace = KUSTOMIZATION["namespace"]
            assert each["value"] == f"server.{namespace}.svc.cluster.local:8000"


def test_what_is_selected_is_there() -> None:
    labels = [PODS[name]["metadata"]["labels"] for name in PODS]
    budgets, services = named("PodDisruptionBudget"), named("Service")
    selectors = [each["spec"]["selector"]["matchLabels"] for each in budgets.values()]
    selectors += [each["spec"]["selector"] for each in services.values()]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in DEPLOYMENTS.values()]
    policies = named("NetworkPolicy").values()
    chosen = [each["spec"]["podSelector"].get("matchLabels", {}) for each in policies]
    for selector in selectors + chosen:
        assert any(selector.items() <= each.items() for each in labels), selector
    assert set(budgets) == set(DEPLOYMENTS)
    for scaler in named("HorizontalPodAutoscaler", "ScaledObject").values():
        assert scaler["spec"]["scaleTargetRef"]["name"] in DEPLOYMENTS
    scaled = {*named("HorizontalPodAutoscaler"), *named("ScaledObject")}
    assert scaled == {"server", "inference-worker", "pipeline-worker"}


def test_all_traffic_that_is_needed_is_allowed() -> None:
    """Whoever uses the services may reach them, and only those two may be reached by name."""
    users = {name for name in PODS if PODS[name]["metadata"]["labels"].get("shoal/uses-services")}
    assert users == set(PODS) - {"client"}
    policies = named("NetworkPolicy")
    assert policies["nobody"]["spec"] == {
        "podSelector": {}, "policyTypes": ["Ingress", "Egress"],
    }  # fmt: skip
    [rule] = policies["services"]["spec"]["egress"]
    assert {27017, 6379, 443} <= {port["port"] for port in rule["ports"]}


def triggers() -> dict[str, Object]:
    return {
        each["name"]: each for each in named("ScaledObject")["pipeline-worker"]["spec"]["triggers"]
    }


async def test_the_scaler_counts_what_waits_and_runs(store: Store) -> None:
    """KEDA's own questions, asked of the platform's records."""
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(store.settings.mongo_db_uri)
    asked = triggers()["jobs"]["metadata"]
    query = json.loads(asked["query"])
    jobs = client[store.settings.database][asked["collection"]]
    assert await jobs.count_documents(query) == 0
    for _ in range(3):
        await submitted(store)
    await submitted(store, kind=JobKind.OPERATION)
    job = await store.jobs.claim_next("host:1")
    assert job is not None
    assert await jobs.count_documents(query) == 3
    await jobs.update_one({"_id": job.id}, {"$set": {"status": JobStatus.FAILED.value}})
    assert await jobs.count_documents(query) == 2
    client.close()
    assert asked["queryValue"] == str(MAX_JOBS)
    assert asked["dbName"] == Settings.model_fields["database"].default
    open_ones = {status for status in JobStatus if not status.is_terminal}
    assert set(query["status"]["$in"]) == open_ones
    shards = triggers()["shards"]["metadata"]
    assert shards["collection"] in await store_collections(store)
    assert set(json.loads(shards["query"])["status"]["$in"]) == {
        EmbedShardStatus.QUEUED, EmbedShardStatus.RUNNING,
    }  # fmt: skip


async def store_collections(store: Store) -> set[str]:
    """Those that the store made with their indexes."""
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(store.settings.mongo_db_uri)
    names = set(await client[store.settings.database].list_collection_names())
    client.close()
    return names


def test_the_nightly_command_builds_on_the_last_backup(composed: Composed, tmp_path: Path) -> None:
    [container] = PODS["backup"]["spec"]["containers"]
    backups = tmp_path / "backups"
    (backups / "lost+found").mkdir(parents=True)
    command = [*container["command"], container["args"][0].replace("/backups", str(backups))]
    _, environ = composed.command("server")
    subprocess.run(command, env=environ, check=True, capture_output=True)
    [first] = backups.glob("2*Z")
    assert (first / "manifest.json").is_file()
    # the next night only asks for it
    (tmp_path / "shoal").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "shoal").chmod(0o755)
    told = subprocess.run(
        command, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True, capture_output=True
    )
    verb, option, base, target = told.stdout.decode().split()
    assert (verb, option, base) == ("backup", "--base", str(first))
    assert Path(target).parent == backups
