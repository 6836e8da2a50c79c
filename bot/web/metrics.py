"""/metrics: Usher's figures for Prometheus, for operators only."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import generate_latest

from bot import observability
from bot.web import operators


class Metrics:
    """Behind the route. Strangers get the answer that stands for "no such page" as well."""

    def __init__(self, operator: operators.Operator) -> None:
        self._operator = operator

    async def answer(self, request: web.Request) -> web.Response:
        if not self._operator.sent(request):
            return web.json_response({"error": "not found"}, status=404)
        return web.Response(body=generate_latest(observability.REGISTRY), content_type="text/plain", charset="utf-8")
