"""Whether an inbound activity really comes from Bot Framework: the signed token it carries, judged claim by claim."""

from __future__ import annotations

from collections.abc import Mapping

import jwt

from bot.teams import keys

ISSUER = "https://api.botframework.com"
ALGORITHMS = ["RS256"]
SKEW_SECONDS = 300
SCHEME = "Bearer "
LONGEST_TOKEN = 16 * 1024


class Rejected(Exception):
    """The token proves nothing. `reason` is one word for the log and the figures; the caller only ever sees a 401."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Verifier:
    """Judges tokens for one bot. Source of the rules: Bot Framework authentication, connector to bot."""

    def __init__(self, key_set: keys.KeySet, app_id: str) -> None:
        self._key_set = key_set
        self._app_id = app_id

    async def verify(self, authorization: str, activity: Mapping[str, object]) -> None:
        """Accept the Authorization header `authorization` for this activity, or raise Rejected.

        Signature RS256 under a published key, issuer, audience, validity within five minutes' skew, the key endorsed
        for the activity's channel, and the `serviceurl` claim equal to the activity's serviceUrl.
        """
        if not authorization.startswith(SCHEME) or len(authorization) > LONGEST_TOKEN:
            raise Rejected("no_token")
        token = authorization.removeprefix(SCHEME).strip()
        key = await self._key_of(token)
        try:
            claims = jwt.decode(
                token,
                key.public_key,
                algorithms=ALGORITHMS,
                audience=self._app_id,
                issuer=ISSUER,
                leeway=SKEW_SECONDS,
                options={"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Rejected(type(error).__name__) from None
        channel = activity.get("channelId")
        if not isinstance(channel, str) or channel not in key.endorsements:
            raise Rejected("not_endorsed")
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or not service_url or claims.get("serviceurl") != service_url:
            raise Rejected("service_url_claim")

    async def _key_of(self, token: str) -> keys.SigningKey:
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise Rejected("not_a_token") from None
        # jku, jwk and x5u in the header are an outsider's word; only the id is read, and only to look it up
        key_id = header.get("kid")
        if header.get("alg") not in ALGORITHMS:
            raise Rejected("algorithm")
        if not isinstance(key_id, str) or not key_id:
            raise Rejected("no_key_id")
        key = await self._key_set.find(key_id)
        if key is None:
            raise Rejected("unknown_key")
        return key
