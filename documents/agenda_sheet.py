"""The agenda as a sheet: when and where, which version, what changed, every slot, and who has none."""

from __future__ import annotations

from cards import wording
from casework.paper_views import AgendaPaper, AgendaPaperLine
from documents.sheets import HANDLING, Block, Bullets, Heading, Paragraph, Sheet, Table, checksum, facts

HEADINGS = ("Item", "Time", "Minutes", "Reference", "Children", "Asking for", "Presenter", "Papers", "Flags")
WIDTHS = (13, 19, 20, 34, 38, 48, 34, 28, 31)
NO_ITEMS = "There are no items on this agenda."
NO_SLOT = "These are due for this sitting, but there is no slot for them. The panel coordinator places them."


def sheet(view: AgendaPaper) -> Sheet:
    """The whole agenda, wide, because its table has nine columns."""
    name = f"Agenda: {view.panel_name}"
    title = f"{name}, {wording.day(view.starts_at)}"
    return Sheet(
        title=title,
        running_head=f"{view.council}. {title}. Version {view.version}",
        mark="",
        dated_at=view.released_at or view.starts_at,
        is_wide=True,
        blocks=(
            Heading(level=1, words=name),
            Paragraph(words=HANDLING),
            Paragraph(words=version(view)),
            facts(
                ("Council", view.council),
                ("When", wording.span(view.starts_at, view.ends_at)),
                ("Venue", view.venue),
                ("Chair", view.chair),
            ),
            *changed(view),
            *items(view),
            *without_slot(view),
        ),
    )


def version(view: AgendaPaper) -> str:
    """Which version this is: "Version 2, released ..., checksum 0123456789ab."."""
    released = f"released {wording.moment(view.released_at)}" if view.released_at else "not released yet"
    return f"Version {view.version}, {released}, checksum {checksum(view.digest)}."


def changed(view: AgendaPaper) -> tuple[Block, ...]:
    """What is different from the version before, if anything is."""
    return (Heading(level=2, words="Changed in this version"), Bullets(lines=view.changes)) if view.changes else ()


def items(view: AgendaPaper) -> tuple[Block, ...]:
    """The slots as a table."""
    table = Table(headings=HEADINGS, widths=WIDTHS, rows=tuple(row(line) for line in view.lines))
    return (Heading(level=2, words="Items"), table if view.lines else Paragraph(words=NO_ITEMS))


def row(line: AgendaPaperLine) -> tuple[str, ...]:
    """One slot, in the order of HEADINGS."""
    return (
        str(line.number),
        wording.clock(line.starts_at),
        str(line.minutes),
        line.reference,
        "\n".join(line.children),
        line.request_type,
        line.presenter,
        line.readiness,
        "\n".join(line.flags),
    )


def without_slot(view: AgendaPaper) -> tuple[Block, ...]:
    """What is due and has no place, if anything."""
    if not view.overflow:
        return ()
    return (Heading(level=2, words="Without a slot"), Paragraph(words=NO_SLOT), Bullets(lines=view.overflow))
