from __future__ import annotations

import httpx
import pytest

from server import metrics
from store.settings import Settings
from tests.server.conftest import Site, serving, talking


async def test_a_running_process_is_alive(site: Site) -> None:
    response = await site.http.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"ok": True})


async def test_readiness_names_each_dependency(site: Site) -> None:
    response = await site.http.get("/readyz")
    answer = response.json()
    assert (response.status_code, answer["ok"]) == (200, True)
    assert sorted(answer["dependencies"]) == ["mongodb", "objects", "redis"]
    for each in answer["dependencies"].values():
        assert each["ok"] is True
        assert each["latencyMs"] > 0


async def test_a_dependency_that_is_down_makes_it_unready(settings: Settings) -> None:
    async with serving(settings) as site:
        objects = settings.data / "objects"
        objects.rename(settings.data / "gone")
        response = await site.http.get("/readyz")
        assert response.status_code == 503
        answer = response.json()
        assert (answer["ok"], answer["dependencies"]["objects"]["ok"]) == (False, False)
        assert answer["dependencies"]["redis"]["ok"] is True
        assert str(settings.data) not in response.text
        assert (await site.http.get("/healthz")).status_code == 200


def sample(text: str, name: str) -> float:
    (line,) = [line for line in text.splitlines() if line.startswith(name + " ")]
    return float(line.rpartition(" ")[2])


async def test_metrics_count_requests_and_operations(site: Site, user_token: str) -> None:
    names = (
        'shoal_http_requests_total{method="POST",route="/graphql",status="200"}',
        'shoal_graphql_operations_total{field="viewer",outcome="ok",type="query"}',
        'shoal_graphql_operation_seconds_count{field="viewer",type="query"}',
    )

    async def counts() -> list[float]:
        text = (await site.http.get("/metrics")).text
        return [sample(text, name) for name in names]

    await site.ask("{ viewer { user { id } } }", user_token)
    before = await counts()
    await site.ask("{ viewer { user { id } } }", user_token)
    assert await counts() == [count + 1 for count in before]


async def test_metrics_label_no_path_that_a_stranger_made_up(site: Site) -> None:
    await site.http.get("/made-up-by-a-stranger")
    assert "made-up-by-a-stranger" not in (await site.http.get("/metrics")).text


@pytest.mark.parametrize(("who", "status"), [("", 403), ("user", 403), ("admin", 200)])
async def test_from_elsewhere_metrics_are_for_admins(
    site: Site, user_token: str, admin_token: str, monkeypatch: pytest.MonkeyPatch, who: str,
    status: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(metrics, "LOOPBACK", ())
    token = {"": "", "user": user_token, "admin": admin_token}[who]
    headers = httpx.Headers({"authorization": f"Bearer {token}"} if token else {})
    assert (await site.http.get("/metrics", headers=headers)).status_code == status


async def test_metrics_tell_of_the_platform(site: Site) -> None:
    text = (await site.http.get("/metrics")).text
    assert sample(text, 'shoal_queue_depth{queue="TRAIN"}') == 0
    assert sample(text, 'shoal_queue_depth{queue="INFERENCE"}') == 0
    assert sample(text, 'shoal_queue_open{queue="INGEST"}') == 1
    assert sample(text, 'shoal_service_up{service="redis"}') == 1
    assert sample(text, 'shoal_workers{kind="PIPELINE"}') == 0
    assert sample(text, "shoal_tasks") > 0


async def test_metrics_are_told_while_a_service_is_down(settings: Settings) -> None:
    async with serving(settings) as site:
        (settings.data / "objects").rename(settings.data / "gone")
        text = (await site.http.get("/metrics")).text
        assert sample(text, 'shoal_service_up{service="objects"}') == 0
        assert sample(text, 'shoal_service_up{service="redis"}') == 1


async def test_metrics_count_subscriptions_by_what_they_follow(
    site: Site, admin_token: str
) -> None:
    series = 'shoal_graphql_operations_total{field="activity",outcome="begun",type="subscription"}'
    query = "subscription { activity { __typename } }"
    async with talking(site, admin_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": query})
        await talk.receive()
        text = (await site.http.get("/metrics")).text
        assert sample(text, series) >= 1
        assert sample(text, 'shoal_subscriptions_open{over="websocket"}') >= 1


async def test_an_operation_that_is_none_gets_no_label_of_its_own(site: Site) -> None:
    await site.ask("{ madeUpByAStranger }")
    assert "madeUpByAStranger" not in (await site.http.get("/metrics")).text
