from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from store import ids
from store.accounts.tokens import (
    digest,
    matches,
    read_access_token,
    read_api_key,
    read_refresh_token,
    write_access_token,
    write_api_key,
    write_refresh_token,
)
from store.errors import Denied

SECRET = b"a-secret-for-tests-that-is-long-enough"
OTHER = b"another-secret-that-is-just-as-long-as"


def claims(**changes: object) -> dict[str, object]:
    at = datetime.now(UTC)
    whole: dict[str, object] = {
        "iss": "shoal", "aud": "shoal-api", "sub": "usr_1", "sid": "ses_1", "jti": "1",
        "iat": at, "exp": at + timedelta(seconds=60),
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


def test_access_token_says_whose_it_is_and_until_when() -> None:
    token, expires_at = write_access_token(SECRET, "usr_1", "ses_1", datetime.now(UTC), 60)
    read = read_access_token([SECRET], token)
    assert (read.user_id, read.session_id, read.expires_at) == ("usr_1", "ses_1", expires_at)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
def test_every_claim_is_required(missing: str) -> None:
    with pytest.raises(Denied):
        read_access_token([SECRET], jwt.encode(claims(**{missing: None}), SECRET, "HS256"))


@pytest.mark.parametrize(
    ("secret", "algorithm", "changes"),
    [
        (OTHER, "HS256", {}),
        (SECRET, "HS384", {}),
        (SECRET, "HS256", {"aud": "another"}),
        (SECRET, "HS256", {"iss": "another"}),
        (SECRET, "HS256", {"exp": datetime.now(UTC) - timedelta(seconds=1)}),
    ],
)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_tokens_of_others_are_denied(
    secret: bytes, algorithm: str, changes: dict[str, object]
) -> None:
    with pytest.raises(Denied):
        read_access_token([SECRET], jwt.encode(claims(**changes), secret, algorithm))


def test_unsigned_tokens_are_denied() -> None:
    with pytest.raises(Denied):
        read_access_token([SECRET], jwt.encode(claims(), None, "none"))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é"])
def test_nonsense_is_denied(token: str) -> None:
    with pytest.raises(Denied):
        read_access_token([SECRET], token)


def test_refresh_token_names_its_session() -> None:
    token = write_refresh_token(SECRET, "ses_1")
    assert read_refresh_token([SECRET], token) == "ses_1"
    assert token != write_refresh_token(SECRET, "ses_1")


def test_refresh_token_that_we_did_not_issue_is_denied() -> None:
    token = write_refresh_token(SECRET, "ses_1")
    for forged in ("", "é", token.replace("ses_1", "ses_2"), write_refresh_token(OTHER, "ses_1")):
        with pytest.raises(Denied):
            read_refresh_token([SECRET], forged)


def test_api_key_names_its_record() -> None:
    key_id = ids.new(ids.API_KEY)
    key = write_api_key(key_id)
    assert key.startswith(f"shoal_{key_id.removeprefix('key_')}_")
    assert read_api_key(key) == key_id


@pytest.mark.parametrize("key", ["shoal_", "shoal_x", "shoal_x_"])
def test_text_of_another_shape_is_no_api_key(key: str) -> None:
    with pytest.raises(Denied):
        read_api_key(key)


def test_digest_matches_its_token_alone() -> None:
    assert matches("token", digest("token"))
    assert not matches("Token", digest("token"))
