"""A real nginx with our configuration, in front of the real server."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import orjson
import pytest
from starlette.routing import Mount, Route

from server.app import create_app
from server.edge import SecurityHeaders
from server.static import FOREVER, page_policy
from shoal.ports import free_port
from store.accounts import Accounts
from store.records.account import Role
from store.settings import Settings
from tests.containers.context import ROOT
from tests.containers.nginx import Nginx
from tests.server.conftest import PASSWORD, Site, serving, talking
from tests.server.test_streams import events
from tests.server.test_uploads import CREATE, complete

ACTIVITY = "subscription { activity { __typename ... on ActivityEvent { message } } }"
SESSIONS = "{ viewer { sessions(first: 10) { nodes { address } } } }"
MEGABYTE = 2**20
DIST = ROOT / "client" / "dist"


@pytest.fixture(scope="module")
async def behind(site_settings: Settings) -> AsyncIterator[Site]:
    """A server that believes the proxy, with files of its own on a volume."""
    proxies = {"trusted_proxies": ("127.0.0.1",)}
    async with serving(site_settings.model_copy(update=proxies)) as site:
        yield site


@pytest.fixture(scope="module")
def nginx(behind: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    environ = {
        "SHOAL_UPSTREAM": behind.url.removeprefix("http://"),
        "SHOAL_FILES_ORIGIN": "https://files.example.org",
    }
    with Nginx(tmp_path_factory.mktemp("nginx"), environ) as running:
        yield running


@pytest.fixture(scope="module")
async def front(nginx: Nginx) -> AsyncIterator[Site]:
    """The same site as seen through nginx."""
    async with httpx.AsyncClient(base_url=nginx.url, timeout=20) as http:
        yield Site(nginx.url, http)


async def own_headers(settings: Settings, *, is_https: bool) -> dict[str, str]:
    """Those that the server gives the page, by the server's own code."""
    site = SecurityHeaders(lambda *_: None, is_https=is_https)  # type: ignore[arg-type]
    given = {name.decode(): value.decode() for name, value in site._headers}
    return given | {"content-security-policy": page_policy(settings)}


@pytest.mark.parametrize("address", ["/", "/graphiql", "/jobs/job_01", "/invitation/some-token"])
async def test_the_page_is_under_every_address(front: Site, address: str) -> None:
    page = await front.http.get(address)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert "<title>Shoal</title>" in page.text


@pytest.mark.parametrize("is_https", [False, True])
async def test_headers_and_policy_are_those_of_the_server(
    site_settings: Settings, front: Site, behind: Site, tmp_path: Path, is_https: bool
) -> None:
    files = {"minio_public_endpoint": "https://files.example.org"}
    wanted = await own_headers(site_settings.model_copy(update=files), is_https=is_https)
    environ = {
        "SHOAL_UPSTREAM": behind.url.removeprefix("http://"),
        "SHOAL_FILES_ORIGIN": "https://files.example.org",
        "SHOAL_PUBLIC_URL": "https://shoal.example.org",
    }
    page = await front.http.get("/")
    if is_https:
        with Nginx(tmp_path, environ) as other:
            page = await front.http.get(other.url)
    assert page.status_code == 200
    named = {name: value for name, value in page.headers.items() if name in wanted}
    assert named == wanted
    assert ("strict-transport-security" in page.headers) is is_https
    assert page.headers["server"] == "nginx"


async def test_assets_are_kept_for_good_and_come_compressed(front: Site) -> None:
    page = (await front.http.get("/")).text
    paths = re.findall(r'"(/assets/[^"]+\.(?:js|css))"', page)
    large = [path for path in paths if (DIST / path[1:]).stat().st_size > 1_000]
    assert len(large) >= 2  # some are too small to gain anything
    for path in large[:4]:
        asset = await front.http.get(path)
        assert asset.headers["cache-control"] == FOREVER
        assert asset.headers["content-encoding"] == "gzip"
        assert asset.headers["vary"] == "Accept-Encoding"
        assert "content-security-policy" in asset.headers
        plain = await front.http.get(path, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == asset.content
        assert len(plain.content) > len(gzip.compress(plain.content, 1))
        again = await front.http.get(path, headers={"if-none-match": asset.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/nowhere.js", "/assets/nothing.js", "/metrics", "/assets/%2e%2e/%2e%2e/nginx.conf"]
)
async def test_what_is_not_there_is_not_the_page(front: Site, path: str) -> None:
    missing = await front.http.get(path)
    assert missing.status_code in (400, 404)
    assert "<title>Shoal</title>" not in missing.text


async def test_every_route_of_the_server_is_passed_on(site_settings: Settings, front: Site) -> None:
    app = create_app(site_settings)
    paths = {route.path for route in app.routes if isinstance(route, Route)}  # type: ignore[attr-defined]
    assert not any(isinstance(route, Mount) for route in app.routes)  # type: ignore[attr-defined]
    for path in paths - {"/metrics"}:
        answer = await front.http.get(re.sub(r"\{[^}]*\}", "1", path))
        assert "x-request-id" in answer.headers, path


async def test_the_api_is_answered_and_its_headers_are_its_own(
    front: Site, user_token: str
) -> None:
    answer = await front.ask("{ viewer { user { name } } }", user_token)
    assert answer.json()["data"] == {"viewer": {"user": {"name": "User"}}}
    policies = answer.headers.get_list("content-security-policy")
    assert len(policies) == 1
    assert "sandbox" in policies[0]
    assert answer.headers.get_list("x-frame-options") == ["DENY"]


async def test_the_callers_address_is_the_one_that_nginx_saw(
    front: Site, accounts: Accounts
) -> None:
    """What callers say of themselves stands before what nginx adds, and is not believed."""
    await accounts.create_user("far@example.org", "Far", Role.USER, PASSWORD)
    away = httpx.AsyncHTTPTransport(local_address="127.0.0.3")
    headers = {"x-forwarded-for": "203.0.113.9"}
    async with httpx.AsyncClient(base_url=front.url, transport=away, headers=headers) as http:
        site = Site(front.url, http)
        token = (await site.sign_in("far@example.org"))["accessToken"]
        found = (await site.ask(SESSIONS, token)).json()["data"]["viewer"]["sessions"]
    assert [each["address"] for each in found["nodes"]] == ["127.0.0.3"]


async def test_an_event_comes_over_a_websocket(
    front: Site, admin_token: str, accounts: Accounts
) -> None:
    origin = {"Origin": front.url}
    async with talking(front, admin_token, **origin) as talk:
        await talk.send(id="1", type="subscribe", payload={"query": ACTIVITY})
        assert (await talk.receive())["type"] == "next"
        await accounts.create_user("ws@example.org", "Ws", Role.USER, "a long password")
        message = await talk.receive()
    assert message["payload"]["data"]["activity"]["message"] == "Ws joined"


async def test_an_event_stream_is_passed_on_as_it_comes(
    front: Site, admin_token: str, accounts: Accounts
) -> None:
    stream = events(front, ACTIVITY, admin_token)
    assert (await anext(stream))[0] == "next"
    await accounts.create_user("through@example.org", "Through", Role.USER, "a long password")
    _, message = await anext(stream)
    assert message["data"]["activity"]["message"] == "Through joined"
    await stream.aclose()


async def test_apollos_multipart_is_passed_on_as_it_comes(
    front: Site, admin_token: str, accounts: Accounts
) -> None:
    headers = {
        "accept": "multipart/mixed;subscriptionSpec=1.0, application/json",
        "authorization": f"Bearer {admin_token}",
    }
    async with front.http.stream(
        "POST", "/graphql", headers=headers, json={"query": ACTIVITY}
    ) as response:
        assert response.headers["content-type"].startswith("multipart/mixed")
        lines = response.aiter_lines()
        assert "__typename" in await a_line_with("payload", lines)
        await accounts.create_user("parts@example.org", "Parts", Role.USER, "a long password")
        assert "Parts joined" in await a_line_with("message", lines)


async def a_line_with(word: str, lines: AsyncIterator[str]) -> str:
    async for line in lines:
        if word in line:
            return line
    raise AssertionError(f"the stream ended before {word}")


async def test_an_upload_of_some_megabytes_goes_through(front: Site, user_token: str) -> None:
    data = b"text\n" + b"a row of text\n" * (20 * MEGABYTE // 14)
    asked = {"size": len(data), "sha256": sha256(data).hexdigest()}
    made = (await front.ask(CREATE, user_token, **asked)).json()["data"]["createUpload"]
    for part in made["ticket"]["parts"]:
        path = httpx.URL(part["url"]).raw_path.decode()
        piece = data[part["offset"] : part["offset"] + part["size"]]
        assert (await front.http.put(path, content=piece)).status_code == 200
    assert await complete(front, user_token, made["upload"]["id"]) == []


async def test_a_large_body_is_refused_in_graphqls_shape(
    front: Site, nginx: Nginx, user_token: str
) -> None:
    """By the server up to nginx's own bound, by nginx past it."""
    for size in (6 * MEGABYTE, 17 * MEGABYTE):
        refused = await front.ask("{ viewer { id } }" + " " * size, user_token)
        assert refused.status_code == 413
        assert refused.headers["content-type"].startswith("application/json")
        [error] = refused.json()["errors"]
        assert error["extensions"]["code"] == "TOO_LARGE"
        assert error["extensions"]["requestId"]
    assert user_token not in nginx.log


def test_a_server_that_is_away_is_told_in_graphqls_shape(tmp_path: Path) -> None:
    with Nginx(tmp_path, {"SHOAL_UPSTREAM": f"127.0.0.1:{free_port()}"}) as alone:
        answer = httpx.post(f"{alone.url}/graphql", json={"query": "{ __typename }"})
        assert httpx.get(alone.url).status_code == 200
    assert answer.status_code == 502
    [error] = orjson.loads(answer.content)["errors"]
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert error["extensions"]["retryable"] is True
    assert answer.headers["retry-after"] == str(error["extensions"]["retryAfter"])


async def test_a_link_is_not_written_to_the_log(nginx: Nginx, front: Site) -> None:
    await front.http.get("/downloads/some/key", params={"signature": "very-secret", "expires": "1"})
    assert "/downloads/some/key" in nginx.log
    assert "very-secret" not in nginx.log
