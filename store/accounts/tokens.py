"""What callers carry: access tokens, refresh tokens, invitations and API keys.

Only an access token can be read without a look into the store. Of the others the store keeps a
SHA-256: they are 256 random bits, so there is nothing for a slow hash to protect.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from store import ids
from store.errors import Denied

ALGORITHM = "HS256"
ISSUER = "shoal"
AUDIENCE = "shoal-api"
REQUIRED = ["iss", "aud", "exp", "iat", "sub", "jti", "sid"]
API_KEY_PREFIX = "shoal_"


@dataclass(frozen=True, slots=True)
class AccessToken:
    user_id: str
    session_id: str
    expires_at: datetime


def write_access_token(
    secret: bytes, user_id: str, session_id: str, at: datetime, ttl_s: int
) -> tuple[str, datetime]:
    """A signed JWT, and when it expires."""
    expires_at = (at + timedelta(seconds=ttl_s)).replace(microsecond=0)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user_id,
        "sid": session_id,
        "jti": secrets.token_hex(16),
        "iat": at,
        "exp": expires_at,
    }
    return jwt.encode(claims, secret, ALGORITHM), expires_at


def read_access_token(keys: Sequence[bytes], token: str) -> AccessToken:
    """What a token says that one of the keys signed.

    Raises Denied for any other, and for one that has expired.
    """
    for key in keys:
        try:
            claims = jwt.decode(
                token, key, [ALGORITHM], audience=AUDIENCE, issuer=ISSUER,
                # the clocks of two servers need not agree on when it was issued
                options={"require": REQUIRED, "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidSignatureError:
            continue
        except jwt.ExpiredSignatureError:
            raise Denied("the access token has expired") from None
        except jwt.InvalidTokenError:
            break
        return AccessToken(claims["sub"], claims["sid"], datetime.fromtimestamp(claims["exp"], UTC))
    raise Denied("this is no access token of this server")


def digest(token: str) -> str:
    """What the store keeps of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, kept: str) -> bool:
    """Whether `kept` is the digest of the token, in constant time."""
    return hmac.compare_digest(digest(token), kept)


def write_refresh_token(secret: bytes, session_id: str) -> str:
    """A new token of a session's family: the session's id, a nonce, and a MAC of both.

    The MAC tells a token that was once issued, whose reuse means theft, from one that somebody
    made up, which must not end another's session.
    """
    body = f"{session_id}.{secrets.token_urlsafe(32)}"
    return f"{body}.{_mac(secret, body)}"


def read_refresh_token(keys: Sequence[bytes], token: str) -> str:
    """The id of the session that the token belongs to. Raises Denied unless we issued it."""
    body, _, mac = token.rpartition(".")
    if not any(hmac.compare_digest(_mac(key, body).encode(), mac.encode()) for key in keys):
        raise Denied("this is no refresh token of this server")
    return body.partition(".")[0]


def write_invitation_token(secret: bytes, invitation_id: str) -> str:
    """The token of an invitation: 256 bits that nobody knows who does not know the secret."""
    mac = hmac.digest(secret, f"invitation:{invitation_id}".encode(), hashlib.sha256)
    return urlsafe_b64encode(mac).decode().rstrip("=")


def write_undo_token(secret: bytes, user_id: str, step_id: str) -> str:
    """What takes a step back, for that user alone: the step's id and a MAC of both."""
    mac = hmac.digest(secret, f"undo:{user_id}:{step_id}".encode(), hashlib.sha256)
    return urlsafe_b64encode(mac[:16] + step_id.encode()).decode().rstrip("=")


def read_undo_token(keys: Sequence[bytes], user_id: str, token: str) -> str | None:
    """The id of the step; None unless one of the keys signed the token for that user."""
    try:
        step_id = urlsafe_b64decode(token + "=" * (-len(token) % 4))[16:].decode()
    except ValueError:
        return None
    shown = token.encode(errors="replace")
    right = any(
        hmac.compare_digest(write_undo_token(key, user_id, step_id).encode(), shown) for key in keys
    )
    return step_id if right else None


def write_api_key(key_id: str) -> str:
    """The text that its owner is shown once: `shoal_`, the id without its prefix, the secret."""
    return f"{API_KEY_PREFIX}{key_id.removeprefix(f'{ids.API_KEY}_')}_{secrets.token_urlsafe(32)}"


def read_api_key(key: str) -> str:
    """The id of the API key that the text names. Raises Denied when it has another shape."""
    _, _, rest = key.partition(API_KEY_PREFIX)
    id_part, separator, secret = rest.partition("_")
    if not separator or not secret:
        raise Denied("this is no API key")
    return f"{ids.API_KEY}_{id_part}"


def _mac(secret: bytes, body: str) -> str:
    return hmac.digest(secret, f"refresh:{body}".encode(), hashlib.sha256).hex()
