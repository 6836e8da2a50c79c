"""A wire-true stand-in for Entra, the Bot Connector and Teams' clients, on loopback, for tests that speak real HTTP."""

from __future__ import annotations

from tests.teams_service import faults
from tests.teams_service.chats import Shown
from tests.teams_service.people import Person
from tests.teams_service.service import FakeTeams, RealClock

__all__ = ["FakeTeams", "Person", "RealClock", "Shown", "faults"]
