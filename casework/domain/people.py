"""Who somebody is: a person, the roles granted to them, and for which team, service or panel, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """The roles of children's services that Usher knows."""

    SW = "SW"
    TM = "TM"
    SM = "SM"
    HOS = "HOS"
    AD = "AD"
    DIR = "DIR"
    CH = "CH"
    MEM = "MEM"
    CO = "CO"
    LA = "LA"
    IRO = "IRO"
    PA = "PA"
    AU = "AU"
    SY = "SY"
    EDT = "EDT"
    QA = "QA"
    COMMS = "COMMS"
    HR = "HR"
    LADO = "LADO"
    DPO = "DPO"
    VSH = "VSH"
    MC = "MC"
    PBM = "PBM"
    FAC = "FAC"


ROLE_NAMES: dict[Role, str] = {
    Role.SW: "social worker",
    Role.TM: "team manager",
    Role.SM: "service manager",
    Role.HOS: "head of service",
    Role.AD: "assistant director",
    Role.DIR: "director",
    Role.CH: "panel chair",
    Role.MEM: "panel member",
    Role.CO: "panel coordinator",
    Role.LA: "legal adviser",
    Role.IRO: "independent reviewing officer",
    Role.PA: "performance analyst",
    Role.AU: "auditor",
    Role.SY: "system administrator",
    Role.EDT: "emergency duty team",
    Role.QA: "quality assurance and safeguarding lead",
    Role.COMMS: "communications lead",
    Role.HR: "human resources lead",
    Role.LADO: "local authority designated officer",
    Role.DPO: "data protection officer",
    Role.VSH: "virtual school head",
    Role.MC: "missing children coordinator",
    Role.PBM: "safeguarding partnership business manager",
    Role.FAC: "facilities and health and safety lead",
}

NEEDS_TEAM = frozenset({Role.SW, Role.TM})
NEEDS_SERVICE = frozenset({Role.SW, Role.TM, Role.SM, Role.HOS})
NEEDS_PANEL = frozenset({Role.CH, Role.MEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role held by one person. `service` None on an AD means the whole council; dates are inclusive.

    `via` is the person whose role this is, where it is held only while covering for them.
    """

    role: Role
    team: str | None = None
    service: str | None = None
    panel: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    via: str | None = None

    def is_live(self, today: date) -> bool:
        """Whether the grant holds on `today` (London's date)."""
        return (self.starts_on is None or self.starts_on <= today) and (self.ends_on is None or today <= self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the council as of one day: only grants that hold on that day are in `grants`.

    Roles of those they cover for today are among them. `is_away` says that they are on leave today.
    """

    id: str
    tenant_id: str
    entra_object_id: str
    name: str
    work_phone: str
    grants: tuple[Grant, ...]
    is_away: bool = False
    work_email: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of `roles`."""
        return not self.roles.isdisjoint(roles)

    def chairs(self, panel: str) -> bool:
        return any(grant.role is Role.CH and grant.panel == panel for grant in self.grants)

    def sits_on(self, panel: str) -> bool:
        """Whether the person chairs a panel or is a member of it."""
        return any(grant.role in (Role.CH, Role.MEM) and grant.panel == panel for grant in self.grants)

    def home(self) -> tuple[str, str]:
        """The (team, service) the person works in; empty strings where the grants name none."""
        for grant in self.grants:
            if grant.team:
                return grant.team, grant.service or ""
        for grant in self.grants:
            if grant.service:
                return "", grant.service
        return "", ""
