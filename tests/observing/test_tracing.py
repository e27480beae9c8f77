"""One trace from a request through the queue to the worker's stages."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from shoal.ports import free_port, is_open
from shoal.process import start
from store.records.account import Role
from store.settings import Settings
from store.store import Store
from store.telemetry import tracing
from tests.conftest import environ_of
from tests.observing.receiver import Receiver, receiving
from workers.inference.chunk import OK, answering

PASSWORD = "correct horse battery"
CREATE = """mutation($input: CreateDatasetInput!) {
  createDataset(input: $input) { job { id } userErrors { message } }
}"""
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@dataclass(frozen=True)
class Processes:
    url: str
    worker_metrics: str


@pytest.fixture
def processes(settings: Settings, receiver: Receiver, tmp_path: Path) -> Iterator[Processes]:
    """A server and a pipeline worker that send their spans."""
    port, metrics_port = free_port(), free_port()
    environ = environ_of(
        settings, SHOAL_PORT=port, SHOAL_METRICS_PORT=metrics_port,
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_BSP_SCHEDULE_DELAY=100,
    )  # fmt: skip
    running = [
        start(module, [sys.executable, "-m", module], tmp_path / f"{module}.log", environ)
        for module in ("server", "workers.pipeline_worker")
    ]
    running[0].wait_until(lambda: is_open(port))
    here = "http://127.0.0.1"
    yield Processes(f"{here}:{port}", f"{here}:{metrics_port}/metrics")
    for process in running:
        process.stop()
        assert "Traceback" not in process.log.read_text(), process.tail()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.05)


async def test_a_job_is_traced_and_counted_from_its_request_to_its_stages(
    processes: Processes, store: Store, receiver: Receiver
) -> None:
    admin = await store.accounts.create_user("a@example.org", "A", Role.ADMIN, PASSWORD)
    signed_in = await store.accounts.sign_in(admin.email, PASSWORD, address="", user_agent="")
    headers = {"authorization": f"Bearer {signed_in.access_token}", "traceparent": PARENT}
    rows = [{"text": f"row {n}", "label": "ab"[n % 2]} for n in range(6)]
    body = {"query": CREATE, "variables": {"input": {"name": "Traced", "rows": rows}}}
    async with httpx.AsyncClient(base_url=processes.url, headers=headers) as http:
        answer = (await http.post("/graphql", json=body)).json()
    job = answer["data"]["createDataset"]["job"]["id"]
    await until(lambda: receiver.named("job INGEST"))

    (request,) = receiver.named("HTTP POST")
    (mutation,) = receiver.named("mutation createDataset")
    (attempt,) = receiver.named("job INGEST")
    stages = [*receiver.named("stage read"), *receiver.named("stage store")]
    assert {span.trace for span in (request, mutation, attempt, *stages)} == {TRACE}
    assert (request.service, attempt.service) == ("shoal-server", "shoal-pipeline-worker")
    assert request.parent == PARENT.split("-")[2]
    assert mutation.parent == request.id
    assert attempt.parent == mutation.id
    assert [stage.parent for stage in stages] == [attempt.id, attempt.id]
    assert attempt.attributes == {"job": job, "attempt": 1}
    assert [stage.attributes["outcome"] for stage in stages] == ["done", "done"]
    assert [span for span in receiver.spans if span.trace == TRACE and span.has_failed] == []
    assert (await store.mongo.jobs.get(job)).trace == f"00-{TRACE}-{mutation.id}-01"

    async with httpx.AsyncClient() as http:
        figures = (await http.get(processes.worker_metrics)).text
    assert 'shoal_stage_rows_total{kind="INGEST",stage="read"} 6.0' in figures
    assert 'shoal_job_moves_total{kind="INGEST",state="SUCCEEDED"} 1.0' in figures
    assert 'shoal_attempts_running{kind="INGEST"} 0.0' in figures


async def test_calls_carry_the_trace_of_who_asks(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tracing.ENDPOINT, receiver.url)
    with tracing.traced("both-sides"):
        with tracing.span("query predict"):
            asking = asyncio.create_task(store.calls.predict("mdv_1", ("one", "two"), 3, 0))
        calls = await store.calls.take(8, 5)
        with answering(calls) as chunk:
            await store.calls.refuse(calls[0], "MODEL_UNAVAILABLE", "no such model")
            chunk.outcome = "MODEL_UNAVAILABLE"
        with pytest.raises(Exception, match="no such model"):
            await asking
        with answering([]) as chunk:
            chunk.outcome = OK
    (asked,), (answered,) = receiver.named("query predict"), receiver.named("inference")
    assert (answered.trace, answered.parent) == (asked.trace, asked.id)
    assert answered.attributes["texts"] == 2
    assert (asked.has_failed, answered.has_failed) == (False, True)


async def test_a_failure_marks_its_span(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tracing.ENDPOINT, receiver.url)
    with tracing.traced("failing"):
        with pytest.raises(ValueError), tracing.span("outer"), tracing.span("inner", text="x"):
            raise ValueError("a secret")
        assert tracing.traceparent() is None
    outer, inner = receiver.named("outer")[0], receiver.named("inner")[0]
    assert inner.parent == outer.id
    assert (outer.has_failed, inner.has_failed) == (True, True)
    assert inner.attributes == {"text": "x"}


def test_without_an_endpoint_nothing_is_loaded() -> None:
    script = """
import sys, server.app, workers.attempts.attempt
from store.telemetry import tracing
with tracing.traced("x"), tracing.span("y") as span:
    span.note(a=1)
    assert tracing.traceparent() is None
assert not any(name.startswith("opentelemetry") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True)


async def test_an_endpoint_without_the_extra_is_said_and_harmless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(tracing.ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "store.telemetry.otel", None)
    with tracing.traced("x"), tracing.span("y"):
        assert tracing.traceparent() is None
