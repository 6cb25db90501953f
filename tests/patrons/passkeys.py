"""A virtual authenticator in the test's Chromium, and a soft one whose every answer a test can bend."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256, CoseKey
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from playwright.sync_api import CDPSession, Page

SITE = "http://localhost:8000"
FLAG = AuthenticatorData.FLAG


@dataclass
class Device:
    """An authenticator with one key: what it signs is told by its fields."""

    origin: str = SITE
    site: str = "localhost"
    verifies: bool = True
    count: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(16))
    handle: bytes = b""

    def make(self, asked: dict[str, Any], public: CoseKey | None = None) -> str:
        """Answer a request for a new passkey, as the page's script would post it; ``public`` is told as the key."""
        self.handle = websafe_decode(asked["user"]["id"])
        public = public or ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        data = self._data(credential)
        made = AttestationObject.create("none", data, {})
        client = self._client(CollectedClientData.TYPE.CREATE, asked)
        return self._posted({"clientDataJSON": client, "attestationObject": made})

    def prove(self, asked: dict[str, Any], **bent: bytes) -> str:
        """Answer a request for a login; ``bent`` replaces parts of the answer."""
        client = self._client(CollectedClientData.TYPE.GET, asked)
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._posted(said | bent)

    def _data(self, credential: AttestedCredentialData | None = None) -> AuthenticatorData:
        self.count += self.counts
        flags = FLAG.UP | (FLAG.UV if self.verifies else FLAG(0)) | (FLAG.AT if credential else FLAG(0))
        return AuthenticatorData.create(
            hashlib.sha256(self.site.encode()).digest(), flags, self.count, credential or b""
        )

    def _client(self, kind: CollectedClientData.TYPE, asked: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(asked["challenge"]), self.origin)

    def _posted(self, said: dict[str, bytes]) -> str:
        name = websafe_encode(self.credential_id)
        response = {part: websafe_encode(value) for part, value in said.items()}
        answer = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}
        return json.dumps(answer)


def plug_in(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """Give a page's browser an authenticator inside the device; return the way to talk to it, and its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
