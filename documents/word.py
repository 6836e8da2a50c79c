"""Agendas and decision sheets as Word files, for councils that go on writing in them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Row
from docx.text.paragraph import Paragraph as WordParagraph

from casework.paper_views import AgendaPaper, DecisionPaper
from documents import agenda_sheet, decision_sheet
from documents.sheets import HANDLING, Block, Box, Bullets, Facts, Heading, Paragraph, Sheet, Table
from documents.words import plain

LANGUAGE = "en-GB"
FONT = "Arial"
BLACK = RGBColor(0, 0, 0)
SIZES = {
    "Normal": 12,
    "List Bullet": 12,
    "Heading 1": 20,
    "Heading 2": 15,
    "Heading 3": 12.5,
    "Header": 10,
    "Footer": 10,
}
TABLE_SIZE = Pt(10)
MARGIN = Mm(17)
SHORT_SIDE, LONG_SIDE = Mm(210), Mm(297)
# the earliest a ZIP can say: its entries carry no date of ours
NO_DATE = (1980, 1, 1, 0, 0, 0)


def agenda(view: AgendaPaper) -> bytes:
    """The agenda; the same view gives the same bytes."""
    return written(agenda_sheet.sheet(view))


def decisions(view: DecisionPaper) -> bytes:
    """The record of a sitting; the same view gives the same bytes."""
    return written(decision_sheet.sheet(view))


def written(sheet: Sheet) -> bytes:
    """The sheet as a Word file."""
    document = docx.Document()
    describe(document, sheet)
    set_styles(document)
    section = document.sections[0]
    lay_out(section, is_wide=sheet.is_wide)
    head_and_foot(section, sheet)
    for block in sheet.blocks:
        add(document, block)
    made = io.BytesIO()
    document.save(made)
    return undated(made.getvalue())


def describe(document: Document, sheet: Sheet) -> None:
    """Title, language and dates; nobody's name."""
    said = document.core_properties
    said.title = plain(sheet.title)[:255]
    said.language = LANGUAGE
    said.created = said.modified = sheet.dated_at.astimezone(UTC).replace(tzinfo=None)
    said.author = said.last_modified_by = said.comments = said.keywords = said.subject = said.category = ""
    said.revision = 1


def set_styles(document: Document) -> None:
    """Black on white in one plain typeface, and the language in which it is read aloud."""
    for name, size in SIZES.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.size = Pt(size)
        style.font.color.rgb = BLACK
        style.font.name = FONT
        style.paragraph_format.tab_stops.clear_all()
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for attribute in [known for known in fonts.attrib if known.endswith("Theme")]:
            # a theme's typeface goes before a named one
            del fonts.attrib[attribute]
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for theme in document.settings.element.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), LANGUAGE)


def lay_out(section: Section, *, is_wide: bool) -> None:
    """A4, lying down for a wide table."""
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG_SIDE, SHORT_SIDE) if is_wide else (SHORT_SIDE, LONG_SIDE)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Mm(22)


def text_width(section: Section) -> int:
    """How wide the text is between the margins."""
    assert section.page_width is not None
    return section.page_width - 2 * MARGIN


def head_and_foot(section: Section, sheet: Sheet) -> None:
    """What stands on top and at the bottom of each page."""
    head = section.header.paragraphs[0]
    if sheet.mark:
        head.add_run(plain(sheet.mark)).bold = True
        head.add_run().add_break()
    head.add_run(plain(sheet.running_head))
    foot = section.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.add_tab_stop(Emu(text_width(section)), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{HANDLING}\tPage ")
    add_field(foot, "PAGE")
    foot.add_run(" of ")
    add_field(foot, "NUMPAGES")


def add_field(paragraph: WordParagraph, code: str) -> None:
    """A number that Word counts by itself."""
    field = element("w:fldSimple", instr=code)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def add(document: Document, block: Block) -> None:
    """One block at the end of the document."""
    match block:
        case Heading():
            document.add_heading(plain(block.words), level=block.level)
        case Paragraph():
            document.add_paragraph().add_run(plain(block.words)).bold = block.is_strong or None
        case Facts():
            for label, value in block.pairs:
                fact = document.add_paragraph()
                fact.add_run(f"{plain(label)}: ").bold = True
                fact.add_run(plain(value))
        case Bullets():
            for line in block.lines:
                document.add_paragraph(plain(line), style="List Bullet")
        case Table():
            add_table(document, block)
        case Box():
            add_box(document, block)


def add_table(document: Document, block: Table) -> None:
    """A table whose first row comes again on each page and is read out as headings."""
    table = document.add_table(rows=1, cols=len(block.headings), style="Table Grid")
    table.autofit = False
    share = text_width(document.sections[0]) // sum(block.widths)
    widths = [Emu(share * width) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    fill(table.rows[0], block.headings, widths, is_strong=True)
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))
    for row in block.rows:
        fill(table.add_row(), row, widths, is_strong=False)
    document.add_paragraph()


def fill(row: _Row, words: tuple[str, ...], widths: list[Emu], *, is_strong: bool) -> None:
    """One row's cells."""
    for cell, said, width in zip(row.cells, words, widths, strict=True):
        cell.width = width
        run = cell.paragraphs[0].add_run(plain(said))
        run.font.size = TABLE_SIZE
        run.bold = is_strong or None


def add_box(document: Document, block: Box) -> None:
    """Two paragraphs with one line around both: a table would be read out as one."""
    for words, is_strong in ((block.title, True), (block.words, False)):
        paragraph = document.add_paragraph()
        paragraph.add_run(plain(words)).bold = is_strong or None
        paragraph.paragraph_format.keep_with_next = is_strong or None
        borders = element("w:pBdr")
        for side in ("top", "left", "bottom", "right"):
            borders.append(element(f"w:{side}", val="single", sz="12", space="4", color="000000"))
        # the schema wants the borders before spacing and indents, right behind what keeps lines together
        paragraph._p.get_or_add_pPr().insert_element_before(
            borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """A piece of WordprocessingML for which the library has no words."""
    made: BaseOxmlElement = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def undated(file: bytes) -> bytes:
    """The same file without the moment at which it was packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as packed, zipfile.ZipFile(made, "w") as again:
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, date_time=NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, packed.read(name))
    return made.getvalue()
