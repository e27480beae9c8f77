"""Threats to the audit log: things that are done without a trace, and traces that are changed."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from schema.audit.redaction import redacted
from schema.context import Context
from schema.loaders import open_loaders
from schema.root import schema
from store.audit import audit as audit_module
from store.audit.audit import Audit
from store.audit.export import ExportFormat
from store.clock import now
from store.errors import Denied, Unavailable
from store.mongo.audit import AuditCollection
from store.records.account import Role
from store.records.audit import AuditEntry, Outcome
from store.settings import Settings
from store.store import Store, open_store
from store.system.retention import Retention
from tests.schema.conftest import Caller
from tests.schema.making import trained
from tests.server.conftest import PASSWORD, Site

LOG = """query($filter: AuditFilter, $first: Int! = 20, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      id number action outcome codes actor { name } apiKeyId subjectIds input address userAgent
      requestId hash previousHash changes { subjectId field before after }
    }
  }
}"""
UPDATE = """mutation($id: ID!, $description: String!) {
  updateModel(input: {id: $id, description: $description}) { userErrors { code } }
}"""


async def entries(store: Store, **where: Any) -> list[AuditEntry]:
    return [each async for page in store.audit.pages(where) for each in page]


async def the_last(store: Store) -> AuditEntry:
    return (await entries(store))[-1]


def made(number: int = 1, **more: Any) -> AuditEntry:
    return AuditEntry("publishModel", Outcome.DONE, actor_id=f"usr_{number}", **more)


# -- nothing without a trace ----------------------------------------------------------------------


async def test_a_mutation_without_a_trace(alice: Caller) -> None:
    _, version = await trained(alice)
    before = await alice.store.mongo.models.get(version.model_id)
    await alice(UPDATE, id=version.model_id, description="better")
    entry = await the_last(alice.store)
    assert (entry.action, entry.outcome, entry.actor_id) == ("updateModel", "DONE", alice.id)
    assert (entry.request_id, entry.codes) == ("req-1", ())
    assert entry.subject_ids == (version.model_id,)
    (change,) = entry.changes
    assert (change.subject_id, change.field) == (version.model_id, "description")
    assert (change.before, change.after) == (f'"{before.description}"', '"better"')


async def test_a_dry_run_that_reads_as_if_it_was_done(alice: Caller) -> None:
    _, version = await trained(alice)
    delete = """mutation($id: ID!, $dry: Boolean!) {
      deleteModel(input: {id: $id, dryRun: $dry}) { userErrors { code } }
    }"""
    for is_dry, outcome in ((True, "DRY_RUN"), (False, "DONE")):
        await alice(delete, id=version.model_id, dry=is_dry)
        assert (await the_last(alice.store)).outcome == outcome
    await alice(delete, id=version.model_id, dry=True)
    refused = await the_last(alice.store)
    assert (refused.outcome, refused.codes) == ("REFUSED", ("NOT_FOUND",))


async def test_a_role_that_is_given_without_a_trace(admin: Caller, alice: Caller) -> None:
    give = "mutation($id: ID!) { setUserRole(input: {userId: $id, role: ADMIN}) { user { id } } }"
    await admin(give, id=alice.id)
    entry = await the_last(admin.store)
    assert [(c.subject_id, c.field, c.before, c.after) for c in entry.changes] == [
        (alice.id, "role", '"USER"', '"ADMIN"')
    ]


async def test_every_mutation_is_recorded_by_its_field() -> None:
    from schema.audit.recording import Audited

    for name in schema.graphql.type_map["Mutation"].fields:
        field = schema.get_field_for_type(name, "Mutation")
        assert field is not None
        assert isinstance(field.extensions[-1], Audited), name  # the outermost


async def test_a_refused_attempt_without_a_trace(alice: Caller, bob: Caller) -> None:
    _, version = await trained(alice)
    await bob(UPDATE, id=version.model_id, description="mine")
    refused = await the_last(bob.store)
    assert (refused.actor_id, refused.outcome, refused.codes) == (bob.id, "REFUSED", ("NOT_FOUND",))
    assert await bob.codes('mutation { inviteUser(input: {email: "a@b.c"}) { token } }') == [
        "FORBIDDEN"
    ]
    denied = await the_last(bob.store)
    assert (denied.action, denied.outcome, denied.codes) == ("inviteUser", "DENIED", ("FORBIDDEN",))


async def test_a_refused_sign_in_without_a_trace(nobody: Caller) -> None:
    await nobody.store.accounts.create_user("ann@example.org", "Ann", Role.USER, PASSWORD)
    sign_in = """mutation($p: String!) {
      signIn(input: {email: "ann@example.org", password: $p}) { userErrors { code } }
    }"""
    await nobody(sign_in, p="a wrong password")
    await nobody(sign_in, p=PASSWORD)
    refused, let_in = await entries(nobody.store)
    assert (refused.actor_id, refused.outcome, refused.codes) == ("", "DENIED", ("DENIED",))
    assert let_in.outcome == "DONE"
    assert (await nobody.store.mongo.users.get(let_in.actor_id)).name == "Ann"


async def test_strangers_who_fill_the_log(nobody: Caller) -> None:
    assert await nobody.codes("mutation { signOut { user { id } } }") == ["UNAUTHENTICATED"]
    for _ in range(10):
        await nobody.store.throttle.take(account="ann@example.org")
    await nobody(
        'mutation { signIn(input: {email: "ann@example.org", password: "x"}) '
        "{ userErrors { code } } }"
    )
    assert await entries(nobody.store) == []


async def test_a_fault_without_a_trace(alice: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the machine's")

    _, version = await trained(alice)
    monkeypatch.setattr(type(alice.store.models), "describe", broken)
    assert await alice.codes(UPDATE, id=version.model_id, description="x") == ["INTERNAL"]
    entry = await the_last(alice.store)
    assert (entry.outcome, entry.codes) == ("FAILED", ("INTERNAL",))
    assert "secret" not in str(entry)


async def test_an_answer_before_its_entry_is_durable(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> int:
        raise Unavailable("mongodb", "it is off")

    _, version = await trained(alice)
    with monkeypatch.context() as patch:
        patch.setattr(AuditCollection, "insert_in_order", away)
        assert await alice.codes(UPDATE, id=version.model_id, description="x") == ["UNAVAILABLE"]
    await alice(UPDATE, id=version.model_id, description="y")
    assert [e.input for e in await entries(alice.store, action="updateModel")] == [
        f'{{"id":"{version.model_id}","description":"y","expected_version":null}}'
    ]


async def test_queries_are_not_in_the_log(alice: Caller) -> None:
    await alice('{ predict(input: {model: "none", texts: ["a"]}) { userErrors { code } } }')
    assert await entries(alice.store) == []


# -- what an entry holds --------------------------------------------------------------------------


async def test_secrets_in_the_log(store: Store, nobody: Caller) -> None:
    await store.accounts.create_user("ann@example.org", "Ann", Role.ADMIN, PASSWORD)
    signed_in = await store.accounts.sign_in("ann@example.org", PASSWORD)
    viewer = await store.accounts.authenticate(signed_in.access_token)
    ann = Caller(store, viewer)
    new = "another long one"
    invited = await ann(
        'mutation { inviteUser(input: {email: "bob@example.org"}) { token userErrors { code } } }'
    )
    made_key = await ann(
        'mutation { createApiKey(input: {name: "k", scopes: [READ]}) { key apiKey { id } } }'
    )
    rotated = await ann(
        "mutation($id: ID!) { rotateApiKey(input: {id: $id}) { key userErrors { code } } }",
        id=made_key["createApiKey"]["apiKey"]["id"],
    )
    token = invited["inviteUser"]["token"]
    await nobody(
        "mutation($t: String!, $p: String!) { acceptInvitation(input: "
        '{token: $t, name: "Bob", password: $p}) { userErrors { code } } }',
        t=token, p=new,
    )  # fmt: skip
    await ann(
        "mutation($o: String!, $n: String!) { changePassword(input: "
        "{oldPassword: $o, newPassword: $n}) { userErrors { code } } }",
        o=PASSWORD, n="yet another long one",
    )  # fmt: skip
    await nobody(
        "mutation($t: String!) { refreshSession(input: {refreshToken: $t}) "
        "{ refreshToken userErrors { code } } }",
        t=signed_in.refresh_token,
    )
    kept = await entries(store)
    assert [each.action for each in kept] == [
        "inviteUser", "createApiKey", "rotateApiKey", "acceptInvitation", "changePassword",
        "refreshSession",
    ]  # fmt: skip
    secrets = {
        PASSWORD, new, "yet another", token, signed_in.refresh_token,
        made_key["createApiKey"]["key"], rotated["rotateApiKey"]["key"],
    }  # fmt: skip
    keys = await store.mongo.api_keys.all_by({}, 10)
    users = await store.mongo.users.all_by({}, 10)
    hashes = {keys[0].secret_hash, keys[0].previous_hash, *(user.password_hash for user in users)}
    for secret in secrets | hashes:
        assert str(secret) not in str(kept)
    fields = {change.field for change in kept[2].changes}
    assert {"secret_hash", "previous_hash", "rotated_at"} <= fields


def test_texts_at_length_and_credentials_in_urls_in_the_log() -> None:
    given: dict[str, Any] = {
        "note": "x" * 1_000, "secretHint": "s", "api_token": "t", "none": None,
        "url": "https://user:hunter2@example.org/a", "password": None,
        "deep": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}},
    }  # fmt: skip
    kept = orjson.loads(redacted(given))
    assert kept["note"] == "x" * 200 + "… 800 more"
    assert (kept["secretHint"], kept["api_token"]) == ("[redacted]", "[redacted]")
    assert (kept["none"], kept["password"]) == (None, None)
    assert kept["url"] == "https://[redacted]@example.org/a"
    assert "1" not in str(kept["deep"])
    many = redacted({"texts": ["y" * 10_000] * 1_000})
    assert orjson.loads(many)["texts"] == [*(["y" * 50 + "… 9950 more"] * 5), "995 more"]
    monster = redacted({str(n): {str(m): "y" * 200 for m in range(100)} for n in range(1_000)})
    assert len(monster) <= 4_000
    orjson.loads(monster)


async def test_log_injection_by_names_and_agents(alice: Caller) -> None:
    """What callers choose stays within one JSON text, one line and a bounded length."""
    _, version = await trained(alice)
    context = Context(
        alice.store, alice.viewer, open_loaders(alice.store), "req-1",
        address="192.0.2.1", user_agent="x\n" * 1_000,
    )  # fmt: skip
    text = 'a\n{"action":"publishModel"}\r\x1b[31m'
    await schema.execute(UPDATE, {"id": version.model_id, "description": text}, context)
    entry = await the_last(alice.store)
    assert "\n" not in entry.input
    assert orjson.loads(entry.input)["description"] == text
    assert len(entry.user_agent) <= 200


# -- nothing is changed ---------------------------------------------------------------------------


async def test_an_entry_that_is_changed_or_taken_out(store: Store) -> None:
    for n in range(1, 8):
        await store.audit.append(made(n))
    whole = await store.audit.verify(0, 100)
    assert (whole.checked, whole.broken_at) == (7, None)
    assert whole.last is not None
    assert whole.last.number == 7
    kept = store.mongo.database["audit_log"]
    third, fifth = [entry.id for entry in await entries(store) if entry.number in (3, 5)]

    await kept.update_one({"_id": third}, {"$set": {"actor_id": "usr_innocent"}})
    broken = await store.audit.verify(0, 100)
    assert (broken.checked, broken.broken_at) == (2, 3)
    # who also writes its hash anew breaks the link behind it
    forged = replace((await entries(store))[2], hash="")
    await kept.update_one({"_id": third}, {"$set": {"hash": forged.digest()}})
    assert (await store.audit.verify(0, 100)).broken_at == 4

    await kept.update_one({"_id": third}, {"$set": {"actor_id": "usr_3"}})
    await kept.update_one(
        {"_id": third}, {"$set": {"hash": replace(forged, actor_id="usr_3").digest()}}
    )
    assert (await store.audit.verify(0, 100)).broken_at is None
    await kept.delete_one({"_id": fifth})
    assert (await store.audit.verify(0, 100)).broken_at == 5
    assert (await store.audit.verify(5, 100)).broken_at is None  # behind the gap all is well


async def test_the_oldest_or_a_middle_entry_that_is_gone_for_a_server_that_just_started(
    store: Store, settings: Settings
) -> None:
    for n in range(1, 10):
        await store.audit.append(made(n))
    kept = store.mongo.database["audit_log"]
    for gone in (3, 1):
        await kept.delete_one({"number": gone})
        async with open_store(settings) as fresh:
            assert (await fresh.audit.verify(0, 100)).broken_at == gone
            assert await fresh.mongo.audit_log.count({}) == 9
            assert (await fresh.audit.append(made(10))).number == 10
        await kept.delete_one({"number": 10})


async def test_the_log_offers_no_way_to_change_an_entry() -> None:
    verbs = {name for kind in (Audit, AuditCollection) for name in vars(kind) if name[0] != "_"}
    assert verbs == {
        "append", "pages", "verify", "insert_in_order", "floor", "last", "find", "between", "page",
        "count", "forget",
    }  # fmt: skip
    subjects = ("audit", "Audit")
    every = schema.graphql.type_map["Mutation"].fields
    mutations = [name for name in every if any(subject in name for subject in subjects)]
    assert mutations == ["exportAuditLog"]


async def test_two_servers_writing_at_once_break_the_chain(
    store: Store, settings: Settings
) -> None:
    async with open_store(settings) as other:
        logs = (store.audit, other.audit)
        done = await asyncio.gather(*(logs[n % 2].append(made(n)) for n in range(200)))
    assert sorted(entry.number for entry in done) == list(range(1, 201))
    assert Counter(e.actor_id for e in await entries(store)) == Counter(e.actor_id for e in done)
    verified = await store.audit.verify(0, 1_000)
    assert (verified.checked, verified.broken_at) == (200, None)


async def test_retention_goes_from_the_oldest_on(store: Store, settings: Settings) -> None:
    for n in range(1, 6):
        await store.audit.append(made(n))
    kept = store.mongo.database["audit_log"]
    await kept.update_many({}, {"$set": {"at": now() - timedelta(days=500)}})
    fresh = await store.audit.append(made(6))
    forever = settings.model_copy(update={"audit_ttl_s": 0})
    kept_on = Retention(settings=forever, mongo=store.mongo, objects=store.objects)
    assert await kept_on.sweep() == 0
    assert await store.retention.sweep() == 5
    assert await store.retention.sweep() == 0
    assert [entry.id for entry in await entries(store)] == [fresh.id]
    assert (await store.audit.verify(0, 10)).broken_at is None
    assert (await store.audit.append(made(7))).number == 7


# -- who reads it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "{ auditLog { totalCount } }",
        "{ verifyAuditLog { checked } }",
        "mutation { exportAuditLog(input: {}) { url } }",
    ],
)
async def test_somebody_else_reads_the_log(alice: Caller, query: str) -> None:
    assert await alice.codes(query) == ["FORBIDDEN"]


async def test_admins_find_entries(alice: Caller, admin: Caller) -> None:
    _, version = await trained(alice)
    for text in ("one", "two"):
        await alice(UPDATE, id=version.model_id, description=text)
    await admin(UPDATE, id=version.model_id, description="three")
    started = (await entries(admin.store))[0].at

    async def found(**filter: Any) -> list[int]:
        return [e["number"] for e in (await admin(LOG, filter=filter))["auditLog"]["nodes"]]

    numbers = await found()
    assert numbers == sorted(numbers, reverse=True)
    last = numbers[0]
    assert await found(actorId=admin.id) == [last]
    assert await found(action="updateModel") == [last, last - 1, last - 2]
    assert await found(subjectId=version.model_id) == [last, last - 1, last - 2]
    assert await found(action="updateModel", actorId=alice.id) == [last - 1, last - 2]
    assert await found(outcome="DENIED") == []
    assert await found(to=started.isoformat()) == []
    assert await found(**{"from": started.isoformat()}) == numbers
    page = (await admin(LOG, first=1))["auditLog"]
    assert page["totalCount"] == last
    rest = await admin(LOG, first=1, after=page["pageInfo"]["endCursor"])
    assert [e["number"] for e in rest["auditLog"]["nodes"]] == [last - 1]
    whole = await admin("{ verifyAuditLog { checked brokenAt last { number hash } } }")
    assert whole["verifyAuditLog"]["checked"] == last
    assert whole["verifyAuditLog"]["last"]["hash"] == page["nodes"][0]["hash"]
    for arguments in ("most: 0", "most: 10001", "afterNumber: -1"):
        assert await admin.codes(f"{{ verifyAuditLog({arguments}) {{ checked }} }}") == [
            "BAD_USER_INPUT"
        ]


# -- export ---------------------------------------------------------------------------------------


async def exported(store: Store, format: ExportFormat, **where: Any) -> str:
    url, _ = store.audit_exports.url(await an_admin(store), format, where)
    export = await store.audit_exports.read(url.partition("token=")[2])
    return b"".join([part async for part in store.audit_exports.lines(export)]).decode()


async def an_admin(store: Store) -> str:
    known = await store.mongo.users.find_by(email="root@example.org")
    if known is None:
        known = await store.accounts.create_user("root@example.org", "Root", Role.ADMIN, PASSWORD)
    return known.id


async def test_formula_injection_in_csv_exports(store: Store) -> None:
    evil = ['=cmd|"/c calc"!A1', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    for text in [*evil, "harmless, with a comma", 'and "quotes"\nand lines']:
        await store.audit.append(made(user_agent=text))
    rows = list(csv.DictReader(io.StringIO(await exported(store, ExportFormat.CSV), newline="")))
    assert [row["user_agent"] for row in rows] == [
        *(f"'{text}" for text in evil), "harmless, with a comma", 'and "quotes"\nand lines',
    ]  # fmt: skip
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values()
    )


async def test_an_export_holds_all_that_its_hashes_are_made_of(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_module, "READ_AT_ONCE", 3)
    for n in range(1, 11):
        await store.audit.append(made(n % 2))
    lines = (await exported(store, ExportFormat.JSONL)).splitlines()
    assert [orjson.loads(line)["number"] for line in lines] == list(range(1, 11))
    kept = {entry.id: entry.hash for entry in await entries(store)}
    for line in lines:
        assert hash_of(line) == kept[orjson.loads(line)["id"]]
    half = (await exported(store, ExportFormat.JSONL, actor_id="usr_1")).splitlines()
    assert [orjson.loads(line)["number"] for line in half] == [1, 3, 5, 7, 9]
    since = (await entries(store))[-1].at
    assert await exported(store, ExportFormat.JSONL, at={"$lt": since - timedelta(days=1)}) == ""


def hash_of(line: str) -> str:
    """As docs/audit.md tells auditors to do it, without our code."""
    import hashlib
    import json

    entry = json.loads(line)
    del entry["hash"]
    return hashlib.sha256(
        json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


async def test_an_export_link_that_is_forged_expired_or_of_a_former_admin(store: Store) -> None:
    admin, other = await an_admin(store), "usr_other"
    url, _ = store.audit_exports.url(admin, ExportFormat.JSONL, {})
    token = url.partition("token=")[2]
    await store.audit_exports.read(token)
    header, payload, signature = token.split(".")
    expired, _ = replace_ttl(store, -10).url(admin, ExportFormat.JSONL, {})
    theirs, _ = store.audit_exports.url(other, ExportFormat.JSONL, {})
    signed_in = await store.accounts.sign_in("root@example.org", PASSWORD)
    for bad in (
        "", "x", f"{header}.{payload}.", f"{header}.{payload[:-2]}xx.{signature}",
        expired.partition("token=")[2], theirs.partition("token=")[2], signed_in.access_token,
    ):  # fmt: skip
        with pytest.raises(Denied):
            await store.audit_exports.read(bad)
    await store.accounts.set_role(admin, Role.USER, by=other)
    with pytest.raises(Denied):
        await store.audit_exports.read(token)
    with pytest.raises(Denied):  # nor does it open anything else
        await store.accounts.authenticate(token)


def replace_ttl(store: Store, ttl_s: int) -> Any:
    changed = store.settings.model_copy(update={"download_ttl_s": ttl_s})
    exports = type(store.audit_exports)
    return exports(settings=changed, mongo=store.mongo, audit=store.audit)


async def test_the_export_is_an_attachment_and_its_asking_is_in_the_log(
    site: Site, admin_token: str
) -> None:
    asked = await site.ask(
        "mutation { exportAuditLog(input: {format: CSV}) { url expiresAt userErrors { code } } }",
        admin_token,
    )
    url = asked.json()["data"]["exportAuditLog"]["url"]
    response = await site.http.get(url[url.index("/exports") :])
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    rows = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert rows[-1]["action"] == "exportAuditLog"
    assert rows[-1]["address"] == "127.0.0.1"
    assert (await site.http.get("/exports/audit?token=x")).status_code == 403


# -- from where -----------------------------------------------------------------------------------


async def test_an_address_that_the_caller_made_up(site: Site, admin_token: str) -> None:
    """No proxy is trusted unless the settings name it: not even one on this machine."""
    query = "{ viewer { sessions { nodes { address isCurrent } } } }"
    headers = {"x-forwarded-for": "203.0.113.7", "x-real-ip": "203.0.113.7"}
    answer = await site.http.post(
        "/graphql",
        json={
            "query": "mutation($p: String!) { signIn(input: {email: "
            '"admin@example.org", password: $p}) { accessToken } }',
            "variables": {"p": PASSWORD},
        },
        headers=headers,
    )
    token = answer.json()["data"]["signIn"]["accessToken"]
    sessions = (await site.ask(query, token)).json()["data"]["viewer"]["sessions"]["nodes"]
    assert [each["address"] for each in sessions if each["isCurrent"]] == ["127.0.0.1"]
