"""Threats that come as ordinary input: operators, control characters, names of files, pages."""

from __future__ import annotations

import ast
import asyncio
import csv
import io
import logging
import re
import tomllib
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import structlog
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_leaf_type,
)
from pydantic import SecretStr

from schema.root import schema
from server.static import page_policy
from store.errors import NotFound
from store.formulas import FORMULA, harmless
from store.objects import keys
from store.records.account import Role
from store.records.bulk import ResultFormat
from store.settings import Settings
from store.store import Store, open_store
from store.telemetry.logs import configure_logs
from tests.conftest import S3_KEY, S3_SECRET
from tests.schema.conftest import Caller
from tests.server.conftest import PASSWORD, Site, serving
from tests.workers.pipeline.training import topics, trained
from workers.pipeline.bulk.writing import WriteRequest, write
from workers.pipeline.bundle import MANIFEST, BundleRefused, load_bundle

ROOT = Path(__file__).resolve().parents[2]
GRAPHQL = schema.graphql
ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
FIELDS = [(root, name) for root in ROOTS for name in GRAPHQL.type_map[root].fields]
TEXTS = ("ID", "String")
SAMPLES = {"Int": 1, "BigInt": 1, "Float": 1.0, "Boolean": True}

# -- operators of the database --------------------------------------------------------------------


def value_of(kind: GraphQLInputType, text: object, depth: int = 0) -> Any:
    """A value of that type with `text` wherever it takes a text or an id."""
    if isinstance(kind, GraphQLNonNull):
        return value_of(kind.of_type, text, depth)
    if isinstance(kind, GraphQLList):
        return [value_of(kind.of_type, text, depth)]
    if isinstance(kind, GraphQLInputObjectType):
        fields = kind.fields.items()
        return {n: value_of(f.type, text, depth + 1) for n, f in fields if depth < 4}
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if kind.name == "JSON":
        return {"a.b": str(text), "of": '{"$gt": ""}'}
    if kind.name == "Variables":
        return {"x": {"$ref": "users", "$id": str(text)}, "a\0.b": text}
    if kind.name == "DateTime":
        return "2026-01-31T12:00:00Z"
    return text if kind.name in TEXTS else SAMPLES[kind.name]


def asked(root: str, name: str, text: object) -> tuple[str, dict[str, Any]]:
    """A document for a root field, and variables with `text` in all their places."""
    field = GRAPHQL.type_map[root].fields[name]
    variables = {each: value_of(arg.type, text) for each, arg in field.args.items()}
    declared = ", ".join(f"${each}: {field.args[each].type}" for each in variables)
    passed = ", ".join(f"{each}: ${each}" for each in variables)
    inside = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    arguments = f"({passed})" if passed else ""
    return f"{ROOTS[root]}({declared}) {{ {name}{arguments} {inside} }}", variables


def holds_text(value: object, text: object) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value == text or any(holds_text(each, text) for each in inner)


async def outcome(caller: Caller, query: str, variables: dict[str, Any]) -> Any:
    if query.startswith("subscription"):
        async with aclosing(caller.raw(query, **variables)) as results:
            return await asyncio.wait_for(anext(results), 60)
    return await schema.execute(query, variables, caller.context())


async def test_an_operator_where_a_text_belongs(admin: Caller) -> None:
    tried = 0
    for root, name in FIELDS:
        query, variables = asked(root, name, {"$ne": None})
        if not holds_text(variables, {"$ne": None}):
            continue
        tried += 1
        result = await outcome(admin, query, variables)
        assert result.data is None, name
        told = {error.formatted["extensions"]["code"] for error in result.errors}
        assert told == {"BAD_REQUEST"}, name
    assert tried > 100


@pytest.mark.parametrize("text", ['{"$ne": null}', "$where"])
async def test_a_text_that_reads_like_an_operator(admin: Caller, text: str) -> None:
    """It is a text: nothing is found by it, and nothing breaks."""
    for root, name in FIELDS:
        result = await outcome(admin, *asked(root, name, text))
        codes = {error.formatted["extensions"]["code"] for error in result.errors or ()}
        assert codes <= {"BAD_REQUEST", "BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND"}, (name, codes)


async def test_operators_for_names_of_metadata(alice: Caller) -> None:
    create = """mutation($metadata: JSON!) {
      createDataset(input: {name: "Mine", metadata: $metadata, rows: [{text: "a"}, {text: "b"}]}) {
        dataset { metadata } userErrors { code path }
      }
    }"""
    for name in ("$set", "$ref", "$", "a\0b", "a\nb"):
        refused = (await alice(create, metadata={name: "users"}))["createDataset"]
        assert refused["dataset"] is None, name
        assert [each["path"][-1] for each in refused["userErrors"]] == ["metadata"]
    kept = {"app.version": "$where", "a.$b": '{"$gt": ""}', "b": "$set"}
    made = (await alice(create, metadata=kept))["createDataset"]
    assert made["dataset"]["metadata"] == kept
    (again,) = (await alice("{ datasets { nodes { metadata } } }"))["datasets"]["nodes"]
    assert again["metadata"] == kept


# -- control characters ---------------------------------------------------------------------------

CONTROLS = ("a\r\nSet-Cookie: x=1", "a\x1b[31mred", "a\0b", "a\u202eb")


@contextmanager
def logged(*, as_json: bool, settings: Settings) -> Iterator[io.StringIO]:
    """What the server writes to its log meanwhile."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs(settings.model_copy(update={"log_json": as_json}))
    structlog.configure(cache_logger_on_first_use=False)  # other tests want theirs
    written = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    try:
        yield written
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


async def test_control_characters_in_names_of_files_and_things(alice: Caller) -> None:
    upload = """mutation($name: String!) {
      createUpload(input: {filename: $name, size: 3}) { upload { id } userErrors { path } }
    }"""
    create = """mutation($name: String!) {
      createDataset(input: {name: $name, rows: [{text: "a"}]}) { userErrors { path } }
    }"""
    for name in CONTROLS:
        for query, field in ((upload, "filename"), (create, "name")):
            (told,) = (await alice(query, name=name)).values()
            assert [each["path"][-1] for each in told["userErrors"]] == [field], repr(name)


async def test_a_header_that_ends_early(site: Site) -> None:
    """Neither an id of a request nor a file's name writes a header of its own."""
    for name in ("a b", "x" * 65, "a;b", "é"):
        response = await site.http.get("/healthz", headers={"x-request-id": name.encode()})
        assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"])


async def test_a_name_that_ends_the_header_of_a_download(settings: Settings) -> None:
    async with serving(settings) as site, open_store(settings) as store:
        await store.objects.put_bytes("bundles/x/y.bin", b"0123456789")
        for name in (*CONTROLS, 'a"; filename="b.exe', "../../x", "ü.csv"):
            url = httpx.URL(await store.objects.download_url("bundles/x/y.bin", name))
            response = await site.http.get(url.raw_path.decode())
            assert response.content == b"0123456789"
            assert "set-cookie" not in response.headers
            shown = response.headers["content-disposition"]
            assert re.fullmatch(r"attachment; filename(\*=utf-8''[\w.%/-]+|=\"[\w./]+\")", shown)


@pytest.mark.parametrize("as_json", [True, False])
async def test_lines_that_a_caller_adds_to_the_log(settings: Settings, as_json: bool) -> None:
    with logged(as_json=as_json, settings=settings) as log:
        async with serving(settings) as site:
            await site.http.get("/a%0aforged%20line%1b%5b31mred%e2%80%ae")
    (line,) = [each for each in log.getvalue().splitlines() if "forged line" in each]
    said = line if as_json else re.sub(r"\x1b\[\d*m", "", line)
    assert "/a\\nforged" in said
    assert not re.search("[\x00-\x1f\x7f]", said)


# -- secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_json", [True, False])
async def test_secrets_in_logs_and_errors(
    settings: Settings, as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passwords within documents and in variables, of requests that fail in every way."""
    secret, token = "hunter2-in-the-document", "shoal_key_made_up"
    debug = settings.model_copy(update={"log_level": "DEBUG"})
    sign_in = f'signIn(input: {{email: "a@b.cd", password: "{secret}"}})'

    async def broken(*_: object, **__: object) -> None:
        password = secret
        raise RuntimeError("the resolver broke")
        del password

    answers: list[str] = []
    with logged(as_json=as_json, settings=debug) as log:
        async with serving(debug) as site:
            for document in (
                f"mutation {{ {sign_in} {{ accessToken }} }}",
                f"mutation {{ {sign_in} {{ nothing }} }}",
                f"mutation {{ {sign_in} {{ accessToken ",
                f"mutation {{ {sign_in} {{ accessToken }} other: {sign_in} }}",
            ):
                await site.ask(document, token)
            monkeypatch.setattr("store.accounts.accounts.Accounts.sign_in", broken)
            answers += [
                (await site.ask(f"mutation {{ {sign_in} {{ accessToken }} }}")).text,
                (await site.ask("mutation($p: String!) { signIn(input: {email: \"a@b.cd\", "
                                "password: $p}) { accessToken } }", p=secret)).text,
            ]  # fmt: skip
    assert "the resolver broke" in log.getvalue()
    assert all("INTERNAL" in each and secret not in each for each in answers)
    assert secret not in log.getvalue()
    assert token not in log.getvalue()


# -- pages ----------------------------------------------------------------------------------------

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-site",
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<title>Shoal</title>")
    (tmp_path / "dist" / "assets" / "index-abc.js").write_text("export {}")
    return tmp_path / "dist"


async def test_an_answer_without_the_headers_that_protect(
    settings: Settings, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("/", "/jobs/job_1", "/assets/index-abc.js")
    others = ("/graphql", "/nowhere.js", "/downloads/x", "/healthz", "/metrics",
              "/readyz", "/exports/audit", "/downloads/a%0d%0ab")  # fmt: skip
    secure = settings.model_copy(
        update={"client_dist": dist, "public_url": "https://shoal.example"}
    )
    async with serving(secure) as site:
        for path in (*pages, *others):
            response = await site.http.get(path)
            assert ALWAYS.items() <= dict(response.headers).items(), path
            assert response.headers["strict-transport-security"].startswith("max-age=")
            policy = response.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "base-uri 'none'" in policy
            begin = "default-src 'self'" if path in pages else "default-src 'none'"
            assert policy.startswith(begin), path
            assert ("sandbox" in policy) == (path not in pages)
        for response in (await site.ask("{ __typename }"), await site.http.put("/uploads/x/1")):
            assert ALWAYS.items() <= dict(response.headers).items()

        async def broken(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("server.graphql.read_operation", broken)
        fault = await site.ask("{ __typename }")
        assert fault.status_code == 500
        assert ALWAYS.items() <= dict(fault.headers).items()


async def test_scripts_of_others_in_the_clients_page(settings: Settings, dist: Path) -> None:
    s3 = {"minio_endpoint": "files.example:9000", "minio_secure": True}
    for more, origin in (({}, settings.public_url), (s3, "https://files.example:9000")):
        policy = page_policy(settings.model_copy(update={"client_dist": dist, **more}))
        directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
        assert directives["default-src"] == "'self'"
        assert directives["object-src"] == "'none'"
        assert "script-src" not in directives  # so it is that of all
        assert directives["connect-src"].split() == ["'self'", origin]


async def test_a_cookie_that_scripts_other_sites_or_wires_see(settings: Settings) -> None:
    for url, is_secure in (("https://shoal.example", True), ("http://127.0.0.1:8000", False)):
        own = settings.model_copy(update={"public_url": url, "database": f"c{is_secure:d}"})
        async with serving(own) as site, open_store(own) as store:
            await store.accounts.create_user("a@b.cd", "A", Role.USER, PASSWORD)
            response = await site.ask(
                "mutation($p: String!) { signIn(input: {email: \"a@b.cd\", password: $p}) "
                "{ accessToken } }", p=PASSWORD,
            )  # fmt: skip
            (cookie,) = response.headers.get_list("set-cookie")
            told = {each.strip().lower() for each in cookie.split(";")[1:]}
            assert {"httponly", "samesite=strict", "path=/graphql"} <= told
            assert ("secure" in told) == is_secure


async def test_an_upload_that_a_browser_runs(settings: Settings) -> None:
    page = b"<script>alert(document.domain)</script>"
    async with serving(settings) as site, open_store(settings) as store:
        await store.objects.put_bytes("uploads/upl_1/raw", page)
        url = httpx.URL(await store.objects.download_url("uploads/upl_1/raw", "page.html"))
        response = await site.http.get(url.raw_path.decode())
    assert response.content == page
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]


async def test_an_upload_in_s3_that_a_browser_runs(settings: Settings, s3_endpoint: str) -> None:
    """The signature holds what the store is to say of it; no caller can ask for less."""
    s3 = settings.model_copy(
        update={
            "minio_endpoint": s3_endpoint,
            "minio_access_key": SecretStr(S3_KEY),
            "minio_secret_key": SecretStr(S3_SECRET),
        }
    )
    async with open_store(s3) as store, httpx.AsyncClient() as http:
        await store.objects.put_bytes("uploads/upl_1/raw", b"<script></script>")
        url = httpx.URL(await store.objects.download_url("uploads/upl_1/raw", 'a"\r\nb.html'))
        response = await http.get(url)
    assert response.content == b"<script></script>"
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''a%22%0D%0Ab.html"
    )
    assert "x-amz-signature" in str(url).lower()


# -- files ----------------------------------------------------------------------------------------

PATHS = (
    "../../x", "/etc/passwd", "..\\..\\x", "C:\\x", "a/../../b.csv", ".env", "..", "~/x", "a:b",
    "…/ü.csv", "CON", "-rf", "x" * 255, "a%2f..%2fb", "$(x)", "uploads/upl_2/raw",
)  # fmt: skip


async def test_a_file_name_that_is_a_path(alice: Caller) -> None:
    """Where a file lies is told by an id of ours alone."""
    folder = alice.store.settings.data
    before = {path for path in folder.parent.rglob("*") if folder not in path.parents}
    for name in PATHS:
        upload, _ = await alice.store.uploads.create(alice.id, name, 3, sha256(b"a\nb").hexdigest())
        assert upload.object_key == f"uploads/{upload.id}/raw"
        assert "/" not in upload.filename
        assert "\\" not in upload.filename
        await alice.store.objects.put_bytes(upload.object_key, b"a\nb")
    assert {p for p in folder.parent.rglob("*") if folder not in p.parents} == before
    written = {p.name for p in (folder / "objects" / "uploads").rglob("*") if p.is_file()}
    assert written == {"raw"}


async def test_a_key_that_leaves_the_folder(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for the world")
    for key in ("../secret", "/etc/passwd", "a/../../secret", "a//b", "a/./b", ".incoming/x", "",
                "a\0b", "a\nb", "ü", "a\\b", "x" * 2_000, "uploads/../../secret"):  # fmt: skip
        with pytest.raises(NotFound):
            keys.check(key)
        with pytest.raises(NotFound):
            await store.objects.get_bytes(key)
        with pytest.raises(NotFound):
            await store.objects.put_bytes(key, b"x")
    assert (tmp_path / "secret").read_text() == "not for the world"


def test_formulas_in_every_csv_that_leaves() -> None:
    """Each writer of CSV makes its cells harmless; there are no others."""
    writers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("store", "schema", "server", "workers")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)|to_csv|write_csv", path.read_text())
    }
    assert writers == {"store/audit/export.py", "workers/pipeline/bulk/writing.py"}
    for path in writers:
        assert "harmless(" in (ROOT / path).read_text()
    for sign in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"):
        assert sign in FORMULA
        assert harmless(f"{sign}cmd|' /C calc'!A0").startswith("'")
    assert harmless("plain = text") == "plain = text"


def test_formulas_in_bulk_answers(tmp_path: Path) -> None:
    part, out = tmp_path / "1.parquet", tmp_path / "out.csv"
    cells = ['=HYPERLINK("http://x")', "@SUM(1)", "+1", "-1", "\t=1", "good"]
    table = {"text": cells, "label": cells, "abstained": [False] * 6, "=cmd": cells}
    more = {"decision": ["ANSWERED"] * 6}
    pq.write_table(pa.table(table | more), part)
    write(WriteRequest((part,), out, ResultFormat.CSV), lambda done, total: None)
    with out.open(newline="") as file:
        names, *rows = list(csv.reader(file))
    assert "'=cmd" in names
    assert {row[0] for row in rows} == {*(f"'{cell}" for cell in cells[:-1]), "good"}


# -- code in data ---------------------------------------------------------------------------------

LOADERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "pandas"}
"""Modules that run what they read, or read what runs."""


def trees() -> Iterator[tuple[str, ast.AST]]:
    for folder in ("store", "schema", "server", "workers", "shoal"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def test_no_code_of_ours_reads_a_pickle() -> None:
    loads = 0
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not LOADERS.intersection(each.name for each in node.names), path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in LOADERS, path
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"torch.load", "eval", "exec", "yaml.load"}, path
                if called in {"np.load", "numpy.load"}:
                    loads += 1
                    given = {each.arg: ast.unparse(each.value) for each in node.keywords}
                    assert given.get("allow_pickle") == "False", path
                assert all(each.arg != "trust_remote_code" for each in node.keywords), path
    assert loads > 10


class Trap:
    """What a pickle can do."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Path.touch, (self.mark,)  # type: ignore[return-value]


def test_a_bundle_with_a_pickle(tmp_path: Path) -> None:
    """With a manifest that vouches for it: the reader itself refuses."""
    folder = trained(tmp_path / "work", topics()).bundle
    manifest, mark = orjson.loads((folder / MANIFEST).read_bytes()), tmp_path / "it ran"
    arrays = [name for name in manifest["files"] if name.endswith(".npy")]
    assert len(arrays) > 3
    for name in arrays:
        sound = (folder / name).read_bytes()
        np.save(folder / name, np.array([Trap(mark)], dtype=object), allow_pickle=True)
        data = (folder / name).read_bytes()
        shown = {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
        told = manifest | {"files": manifest["files"] | {name: shown}}
        (folder / MANIFEST).write_bytes(orjson.dumps(told))
        with pytest.raises(BundleRefused):
            load_bundle(folder)
        (folder / name).write_bytes(sound)
    assert not mark.exists()


# -- what we are made of --------------------------------------------------------------------------


def test_dependencies_that_change_by_themselves() -> None:
    """Whatever pyproject names has one version, and so has all of npm by its lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(each for extra in extras for each in extra)]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    for each in named:
        name = re.split(r"[\[=<>~!; ]", each)[0].lower().replace("_", "-")
        assert name == "shoal" or name in pinned, each
    for lock in (ROOT / "client", ROOT / "tests" / "schema" / "lint", ROOT / "bench" / "node"):
        packages = orjson.loads((lock / "package-lock.json").read_bytes())["packages"]
        unsure = [
            name for name, each in packages.items() if not {"integrity", "inBundle"} & each.keys()
        ]
        assert unsure == [""], lock  # which is ours; what is in a bundle is sure by that one
