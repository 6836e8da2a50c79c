"""Who may see the inside: a request from this machine, or one that shows the operators' token."""

from __future__ import annotations

import hmac
import ipaddress

from aiohttp import web
from pydantic import SecretStr

# a proxy on this machine makes every stranger look local; it says so in one of these
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class Operator:
    """Knows the operators' token, if there is one."""

    def __init__(self, token: SecretStr | None) -> None:
        self._token = token

    def sent(self, request: web.Request) -> bool:
        """Whether an operator sent this request."""
        if self._token is not None:
            expected = f"Bearer {self._token.get_secret_value()}".encode()
            if hmac.compare_digest(request.headers.get("Authorization", "").encode(errors="replace"), expected):
                return True
        return _is_local(request.remote) and not any(name in request.headers for name in _FORWARDED)


def _is_local(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False
