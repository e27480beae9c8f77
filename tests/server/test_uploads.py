from __future__ import annotations

import asyncio
from hashlib import sha256

import httpx

from store.settings import Settings
from store.store import open_store
from tests.server.conftest import Site, serving

DATA = b"text,label\nhello,a\nworld,b\n"

CREATE = """mutation($size: BigInt!, $sha256: String!) {
  createUpload(input: {filename: "a.csv", size: $size, sha256: $sha256}) {
    upload { id } ticket { method headers { name value } parts { number url offset size } }
    userErrors { code message }
  }
}"""
COMPLETE = """mutation($id: ID!) {
  completeUpload(input: {uploadId: $id}) { upload { status } userErrors { code message } }
}"""


async def open_ticket(site: Site, token: str, data: bytes = DATA) -> tuple[str, str]:
    """The upload's id and the path of its one part."""
    response = await site.ask(CREATE, token, size=len(data), sha256=sha256(data).hexdigest())
    made = response.json()["data"]["createUpload"]
    assert made["userErrors"] == []
    (part,) = made["ticket"]["parts"]
    return made["upload"]["id"], httpx.URL(part["url"]).raw_path.decode()


async def complete(site: Site, token: str, upload_id: str) -> list[str]:
    response = await site.ask(COMPLETE, token, id=upload_id)
    return [e["code"] for e in response.json()["data"]["completeUpload"]["userErrors"]]


async def test_bytes_go_up_by_a_signed_url_and_no_other_right(site: Site, user_token: str) -> None:
    upload_id, path = await open_ticket(site, user_token)
    assert (await site.http.put(path, content=DATA)).status_code == 200
    assert await complete(site, user_token, upload_id) == []


async def test_other_bytes_than_announced_are_refused(site: Site, user_token: str) -> None:
    upload_id, path = await open_ticket(site, user_token)
    for wrong in (DATA[:-1], DATA + b"x"):
        response = await site.http.put(path, content=wrong)
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_UPLOAD"
    assert await complete(site, user_token, upload_id) == ["BAD_UPLOAD"]


async def test_a_changed_url_is_refused(site: Site, user_token: str) -> None:
    _, path = await open_ticket(site, user_token)
    bare, _, query = path.partition("?")
    for wrong in (bare, path[:-1], f"{bare[:-1]}2?{query}", path.replace("expires=", "expires=9")):
        response = await site.http.put(wrong, content=DATA)
        assert response.status_code == 403
        assert response.json()["errors"][0]["extensions"]["code"] == "DENIED"
    assert (await site.http.get(path)).status_code == 405


async def test_a_client_that_leaves_midway_may_try_again(site: Site, user_token: str) -> None:
    upload_id, path = await open_ticket(site, user_token)
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(site.url).port)
    writer.write(f"PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(DATA)}\r\n\r\n".encode())
    writer.write(DATA[:5])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader
    assert (await site.http.put(path, content=DATA)).status_code == 200
    assert await complete(site, user_token, upload_id) == []


async def test_an_object_comes_down_by_its_signed_url(settings: Settings) -> None:
    async with serving(settings) as site, open_store(settings) as store:
        await store.objects.put_bytes("bundles/x/y.bin", b"0123456789")
        url = httpx.URL(await store.objects.download_url("bundles/x/y.bin", 'na"me.bin'))
        path = url.raw_path.decode()
        whole = await site.http.get(path)
        assert (whole.status_code, whole.content) == (200, b"0123456789")
        assert whole.headers["content-disposition"].startswith("attachment")
        assert whole.headers["x-content-type-options"] == "nosniff"
        part = await site.http.get(path, headers={"range": "bytes=2-4"})
        assert (part.status_code, part.content) == (206, b"234")
        bare, _, query = path.partition("?")
        for wrong in (bare, path.replace("signature=", "signature=0"), f"/downloads/../x?{query}"):
            assert (await site.http.get(wrong)).status_code in (403, 404)
        await store.objects.delete("bundles/x/y.bin")
        gone = await site.http.get(path)
        assert gone.status_code == 404
        assert gone.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
