"""Rights as a table written by hand: role by predicate, compared with what the code says for every role."""

from __future__ import annotations

from casework.domain import access
from casework.domain.people import Role
from tests.factories import SERVICE, TEAM, grant, person

NTK = access.NtkFacts(
    raiser_id="raiser",
    owner_id="owner",
    on_behalf_id="behalf",
    team=TEAM,
    service=SERVICE,
    is_restricted=False,
    recipient_ids=frozenset({"told"}),
)
RESTRICTED = access.NtkFacts(
    raiser_id="raiser",
    owner_id="owner",
    on_behalf_id="behalf",
    team=TEAM,
    service=SERVICE,
    is_restricted=True,
    recipient_ids=frozenset({"told"}),
)
ITEM = access.ItemFacts(
    requester_id="asker", presenter_id="presenter", team=TEAM, service=SERVICE, panel="HP", heard_by="ARP"
)
EVERY = set(Role)


def who(predicate: object) -> set[Role]:
    assert callable(predicate)
    return {role for role in Role if predicate(person("somebody", role))}


def test_raise_ntk() -> None:
    assert who(access.can_raise_ntk) == {Role.SW, Role.TM, Role.SM, Role.HOS, Role.AD, Role.DIR, Role.EDT}


def test_read_ntk_by_role_alone() -> None:
    assert who(lambda p: access.can_read_ntk(p, NTK)) == {Role.TM, Role.SM, Role.HOS, Role.AD, Role.DIR}


def test_nobody_reads_a_restricted_ntk_by_role_alone() -> None:
    assert who(lambda p: access.can_read_ntk(p, RESTRICTED)) == set()


def test_raiser_and_recipients_read_it_whatever_their_role() -> None:
    for id in ("raiser", "owner", "behalf", "told"):
        assert {role for role in Role if access.can_read_ntk(person(id, role), RESTRICTED)} == EVERY


def test_acknowledge_is_for_those_told_and_nobody_else() -> None:
    assert who(lambda p: access.can_acknowledge_ntk(p, NTK)) == set()
    assert not access.can_acknowledge_ntk(person("raiser", Role.SW), NTK)
    assert access.can_acknowledge_ntk(person("told", Role.TM), NTK)


def test_another_team_s_line_reads_nothing() -> None:
    for other in (
        grant(Role.TM, team="South team"),
        grant(Role.SM, service="Looked after"),
        grant(Role.HOS, service="Looked after"),
    ):
        assert not access.can_read_ntk(person("other", grants=(other,)), NTK)


def test_request_item() -> None:
    assert who(access.can_request_item) == {Role.SW, Role.TM, Role.SM, Role.HOS, Role.AD, Role.CO}


def test_read_item_by_role_alone() -> None:
    assert who(lambda p: access.can_read_item(p, ITEM)) == {
        *(Role.TM, Role.SM, Role.HOS, Role.AD, Role.DIR),
        *(Role.CO, Role.LA, Role.CH),
    }


def test_change_item_before_and_after_the_agenda_went_out() -> None:
    assert who(lambda p: access.can_change_item(p, ITEM, agenda_sent=False)) == {Role.CO}
    assert who(lambda p: access.can_change_item(p, ITEM, agenda_sent=True)) == {Role.CO}
    for id in ("asker", "presenter"):
        assert access.can_change_item(person(id, Role.SW), ITEM, agenda_sent=False)
        assert not access.can_change_item(person(id, Role.SW), ITEM, agenda_sent=True)


def test_see_agenda_is_for_the_panel_s_own_chair() -> None:
    assert who(lambda p: access.can_see_agenda(p, "ARP")) == {Role.CH, Role.CO, Role.AD, Role.DIR, Role.LA}
    assert who(lambda p: access.can_see_agenda(p, "LGP")) == {Role.CO, Role.AD, Role.DIR, Role.LA}


def test_book_late() -> None:
    assert who(access.can_book_late) == {Role.CO}


def test_manage_call_and_waive_sittings() -> None:
    assert who(access.can_manage_sittings) == {Role.CO}
    assert who(lambda p: access.can_call_sitting(p, "ARP")) == {Role.CO, Role.CH}
    assert who(lambda p: access.can_call_sitting(p, "LGP")) == {Role.CO}
    assert who(lambda p: access.can_waive_cutoff(p, "ARP")) == {Role.CH}
    assert who(lambda p: access.can_waive_cutoff(p, "LGP")) == set()


def test_a_member_sees_the_agenda_of_their_own_panel() -> None:
    member = person("member", grants=(grant(Role.MEM, panel="ARP"),))

    assert access.can_see_agenda(member, "ARP")
    assert not access.can_see_agenda(member, "LGP")


def test_who_may_confirm_a_lower_level() -> None:
    assert access.is_senior(Role.AD, Role.HOS)
    assert not access.is_senior(Role.HOS, Role.HOS)
    assert not access.is_senior(Role.TM, Role.HOS)
    assert access.is_senior(Role.DIR, Role.DIR)
    assert access.is_senior(Role.TM, None)
    assert not access.is_senior(None, None)
