"""OpenID Connect: the signing key, the id_token and the one user of the sandbox."""

import base64
import hashlib
import json
import time
from typing import Any, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .store import Store

CLIENT_ID = "sandbox-client"
SUBJECT = "7d2f4c1e-5a0b-4e7e-9a3e-6f1f0c0b9a55"
ID_TOKEN_SECONDS = 3600
# Intuit's own, whatever the host: its client for Node takes no other.
ISSUER = "https://oauth.platform.intuit.com/op/v1"
_CLAIMS: dict[str, dict[str, Any]] = {
    "email": {"email": "robin@northgate.example", "emailVerified": True},
    "profile": {"givenName": "Robin", "familyName": "Ashdown"},
    "phone": {"phoneNumber": "+1 4105550100", "phoneNumberVerified": False},
    "address": {
        "address": {
            "streetAddress": "18 Harbor Lane",
            "locality": "Baltimore",
            "region": "MD",
            "postalCode": "21230",
            "country": "US",
        }
    },
}


def userinfo(scopes: frozenset[str]) -> dict[str, Any]:
    """The claims about the user that these scopes allow."""
    claims: dict[str, Any] = {"sub": SUBJECT}
    for scope, values in _CLAIMS.items():
        if scope in scopes:
            claims |= values
    return claims


class SigningKey:
    """The RSA key of the id_tokens, made on first use and kept in the store, since making it takes long."""

    def __init__(self, store: Store):
        self._store = store
        self._key: rsa.RSAPrivateKey | None = None

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        numbers = self._load().public_key().public_numbers()
        key = {"kty": "RSA", "e": _number(numbers.e), "n": _number(numbers.n)}
        return {"keys": [{**key, "use": "sig", "alg": "RS256", "kid": self.key_id()}]}

    def key_id(self) -> str:
        """A name for the key that changes with it."""
        numbers = self._load().public_key().public_numbers()
        return hashlib.sha256(_number(numbers.n).encode()).hexdigest()[:16]

    def id_token(self, realm: str, nonce: str | None) -> str:
        """A signed id_token for the user.

        Its times are those of the real clock, since clients check them against theirs. `aud` is a list,
        as Intuit's.
        """
        now = int(time.time())
        claims: dict[str, Any] = {
            "sub": SUBJECT,
            "aud": [CLIENT_ID],
            "realmid": realm,
            "auth_time": now,
            "iss": ISSUER,
            "exp": now + ID_TOKEN_SECONDS,
            "iat": now,
        }
        if nonce:
            claims["nonce"] = nonce
        header = {"kid": self.key_id(), "alg": "RS256"}
        signed = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
        signature = self._load().sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"

    def _load(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            pem = self._store.setting("signing_key") or self._make()
            self._key = cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(pem.encode(), None))
        return self._key

    def _make(self) -> str:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self._store.set_setting("signing_key", pem)
        return pem


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))
