"""What the Python client does when things go wrong; docs/recipes show it when they go well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from schema.errors import ERROR_TYPES
from schema.inference.queries import MAX_TEXTS
from shoal_client import (
    Blocking,
    ConnectionLost,
    Fault,
    JobFailed,
    Shoal,
    ShoalError,
    TryLater,
    files,
)
from shoal_client import client as client_module
from shoal_client import errors as told
from shoal_client.graph.enums import EventKind, JobStatus
from shoal_client.graph.input_types import CancelJobInput, StartTrainingInput
from shoal_client.transport import TRIES

Answer = Callable[[dict[str, Any]], httpx.Response]
LATE = {"message": "wait", "extensions": {"code": "OVERLOADED", "retryable": True, "retryAfter": 0}}
JOB = {
    "id": "job_1", "kind": "TRAIN", "status": "FAILED", "progress": 0.5, "waitingFor": None,
    "failure": {"code": "LOST", "message": "gone", "retryable": True, "stage": None},
    "createdAt": "2026-01-01T00:00:00Z", "endedAt": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shoal_client.transport.FIRST_WAIT_S", 0.0)
    monkeypatch.setattr(client_module, "RECONNECT_S", 0.0)


class Platform:
    """Answers of a platform, one after the other; the last for ever."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[httpx.Headers] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(orjson.loads(request.content))
        self.headers.append(request.headers)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def client(self) -> Shoal:
        shoal = Shoal("http://shoal.test", "shoal_key")
        shoal.graph.http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return shoal


def answer(data: Any = None, *errors: dict[str, Any], status: int = 200) -> httpx.Response:
    body = {"data": data} | ({"errors": list(errors)} if errors else {})
    return httpx.Response(status, json=body)


MODEL = answer({"model": None})
PREDICTED = {"id": "prd_1", "text": "a", "label": "b", "probability": 0.5, "abstained": False,
             "scores": [], "cluster": {"name": "c"}}  # fmt: skip


async def test_what_passes_is_asked_again() -> None:
    platform = Platform(
        answer(None, LATE), httpx.Response(502, text="<html>"), httpx.ConnectError("refused"),
        httpx.Response(429, headers={"retry-after": "0"}, json={"errors": [{"message": "slow"}]}),
        MODEL,
    )  # fmt: skip
    async with platform.client as shoal:
        assert (await shoal.graph.get_model("x")).model is None
    assert len(platform.requests) == 5
    assert platform.headers[0]["authorization"] == "Bearer shoal_key"


async def test_what_does_not_pass_is_told_after_some_tries() -> None:
    platform = Platform(answer(None, LATE))
    async with platform.client as shoal:
        with pytest.raises(TryLater) as late:
            await shoal.graph.get_model("x")
    assert late.value.code == "OVERLOADED" and len(platform.requests) == TRIES


async def test_a_mutation_is_sent_again_under_one_key() -> None:
    started = answer({"startTraining": {"job": JOB, "userErrors": []}})
    platform = Platform(httpx.ReadTimeout("lost"), started)
    async with platform.client as shoal:
        await shoal.graph.start_training(StartTrainingInput(dataset_version_id="dsv_1"))
    keys = [request["variables"]["input"]["idempotencyKey"] for request in platform.requests]
    assert len(keys) == 2 and len(set(keys)) == 1
    assert platform.requests[0]["variables"]["input"].keys() == {
        "datasetVersionId", "idempotencyKey"
    }  # fmt: skip


async def test_a_mutation_without_a_key_is_not_sent_again() -> None:
    platform = Platform(httpx.ReadTimeout("lost"))
    async with platform.client as shoal:
        with pytest.raises(ConnectionLost):
            await shoal.graph.cancel_job(CancelJobInput(id="job_1"))
    assert len(platform.requests) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("UNAUTHENTICATED", told.Unauthenticated),
        ("FORBIDDEN", told.Forbidden),
        ("BAD_USER_INPUT", Fault),
    ],
)
async def test_faults_have_types(code: str, kind: type[Fault]) -> None:
    platform = Platform(
        answer(None, {"message": "no", "extensions": {"code": code, "requestId": "r-1"}})
    )
    async with platform.client as shoal:
        with pytest.raises(kind) as raised:
            await shoal.graph.get_model("x")
    assert (raised.value.code, raised.value.request_id) == (code, "r-1")
    assert len(platform.requests) == 1


@pytest.mark.parametrize(("name", "kind"), told.USER_ERRORS.items())
async def test_refusals_have_types(name: str, kind: type[told.Refused]) -> None:
    error = {"__typename": name, "code": "C", "message": "why", "path": ["input", "id"]}
    platform = Platform(answer({"cancelJob": {"job": None, "userErrors": [error]}}))
    async with platform.client as shoal:
        with pytest.raises(kind, match="why") as raised:
            await shoal.graph.cancel_job(CancelJobInput(id="job_1"))
    assert raised.value.path == ["input", "id"] and raised.value.code == "C"


def test_every_user_error_of_the_schema_has_a_type() -> None:
    assert {each.__name__ for each in ERROR_TYPES} <= told.USER_ERRORS.keys()


async def test_an_answer_that_is_none_is_a_fault() -> None:
    async with Platform(httpx.Response(200, text="hello")).client as shoal:
        with pytest.raises(Fault, match="without an answer in JSON"):
            await shoal.graph.get_model("x")


async def test_texts_are_asked_in_portions() -> None:
    predicted = answer({"predict": {
        "predictions": [PREDICTED] * 64, "modelVersion": None, "userErrors": [],
    }})  # fmt: skip
    platform = Platform(predicted)
    async with platform.client as shoal:
        assert len(await shoal.predict("m", ["a"] * 2 * MAX_TEXTS)) == 128
    assert [len(each["variables"]["input"]["texts"]) for each in platform.requests] == [
        MAX_TEXTS,
        MAX_TEXTS,
    ]


def test_values_that_only_a_newer_platform_knows_are_taken() -> None:
    assert EventKind("JOB_TELEPORTED") == "JOB_TELEPORTED"
    assert EventKind("JOB_QUEUED") is EventKind.JOB_QUEUED
    with pytest.raises(ValueError, match="7"):
        EventKind(7)


# -- subscriptions --------------------------------------------------------------------------------


def event(cursor: str, kind: str) -> dict[str, Any]:
    return {"__typename": "ActivityEvent", "cursor": cursor, "kind": kind, "message": "", "stage":
            None, "done": None, "total": None, "at": "2026-01-01T00:00:00Z"}  # fmt: skip


async def scripted(*connections: list[object]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A platform that sends these events, one list a connection, and ends each as it says."""
    asked: list[Any] = []
    left = list(connections)

    async def talk(socket: ServerConnection) -> None:
        script = left.pop(0)
        init = orjson.loads(await socket.recv())
        assert init["payload"] == {"authorization": "Bearer shoal_key"}
        await socket.send(orjson.dumps({"type": "connection_ack"}).decode())
        await socket.send(orjson.dumps({"type": "ping"}).decode())
        subscribe = orjson.loads(await socket.recv())
        asked.append(subscribe["payload"]["variables"])
        for item in script:
            if isinstance(item, int):
                return await socket.close(item, "so it is")
            message = {"type": "next", "id": "1", "payload": {"data": {"jobEvents": item}}}
            await socket.send(orjson.dumps(message).decode())
        await socket.send(orjson.dumps({"type": "complete", "id": "1"}).decode())

    subprotocols = [Subprotocol("graphql-transport-ws")]
    async with serve(talk, "127.0.0.1", 0, subprotocols=subprotocols) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"http://127.0.0.1:{port}", asked


async def followed(url: str) -> list[str]:
    async with Shoal(url, "shoal_key") as shoal, asyncio.timeout(60):
        return [item.kind async for item in shoal.follow("job_1")]


async def test_a_lost_connection_goes_on_behind_the_last_cursor() -> None:
    gap = {"__typename": "Gap", "toCursor": "3-0"}
    first = [event("1-0", "JOB_QUEUED"), event("2-0", "JOB_STARTED"), gap, 1011]
    second = [{"__typename": "Heartbeat", "cursor": "4-0"}, event("5-0", "JOB_SUCCEEDED")]
    async for url, asked in scripted(first, second):
        assert await followed(url) == ["JOB_QUEUED", "JOB_STARTED", "JOB_SUCCEEDED"]
        assert asked == [{"id": "job_1", "after": None}, {"id": "job_1", "after": "3-0"}]


async def test_a_token_that_is_over_ends_it() -> None:
    async for url, asked in scripted([event("1-0", "JOB_QUEUED"), 4403]):
        with pytest.raises(told.Unauthenticated, match="so it is"):
            await followed(url)
        assert len(asked) == 1


async def test_a_job_that_fails_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    job = JOB | {"modelVersion": None, "operation": None}
    platform = Platform(answer({"job": job}))
    async for url, _ in scripted([event("1-0", "JOB_FAILED")]):
        shoal = Shoal(url, "shoal_key")
        shoal.graph.http = httpx.AsyncClient(transport=httpx.MockTransport(platform))
        async with shoal:
            with pytest.raises(JobFailed, match="gone") as raised:
                await shoal.wait("job_1")
    assert raised.value.code == "LOST" and raised.value.job.status is JobStatus.FAILED


# -- files and the blocking form -------------------------------------------------------------------


async def test_a_part_that_failed_is_sent_again(tmp_path: Path) -> None:
    from shoal_client.graph.create_upload import CreateUploadCreateUploadTicketParts as Part

    (tmp_path / "file").write_bytes(b"0123456789")
    came: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        came.append(request.content)
        return httpx.Response(503 if len(came) == 1 else 200)

    part = Part(number=2, url="http://files.test/2", offset=4, size=6)
    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as http:
        await files.put_parts(http, tmp_path / "file", [part], {})
    assert came == [b"456789", b"456789"]

    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403)

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
        with pytest.raises(told.BadUpload, match="403"):
            await files.put_parts(http, tmp_path / "file", [part], {})


async def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404)

    async with httpx.AsyncClient(transport=httpx.MockTransport(broken)) as http:
        with pytest.raises(ShoalError, match="404"):
            await files.save(http, "http://files.test/x", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_the_blocking_form_runs_the_same_methods() -> None:
    platform = Platform(MODEL)
    with Blocking("http://shoal.test") as shoal:
        shoal.client.graph.http = httpx.AsyncClient(transport=httpx.MockTransport(platform))
        assert shoal.run(shoal.client.graph.get_model("x")).model is None

        async def three() -> AsyncIterator[int]:
            for number in range(3):
                yield number

        assert list(shoal.each(three())) == [0, 1, 2]
