"""How a Word file looks: its own styles, or those that an institute's template lacks."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from coder.report.letters import printable
from coder.report.look import FAINT, GRID, INK, LINE

NOTE, TABLE, TABLE_TEXT, FIGURE = (
    "Report Note",
    "Report Table",
    "Report Table Text",
    "Report Figure",
)
CONTENTS_TITLE = "Report Contents"
_LEVELS = 3
_FONT = "Calibri"
_TEXT_WIDTH = Cm(16)
# Size, space before and after in points, and colour of what stands out from running text.
_STYLES = {
    "Title": (28, 130, 6, INK),
    "Subtitle": (13, 0, 30, FAINT),
    "Heading 1": (20, 0, 10, LINE),
    "Heading 2": (14, 16, 5, INK),
    "Heading 3": (11.5, 12, 3, INK),
    "Caption": (10, 12, 4, INK),
    "Quote": (10.5, 4, 4, FAINT),
}


def contents_level(level: int) -> str:
    """The style of an entry in the table of contents, as Word calls it itself."""
    return f"toc {min(level, _LEVELS)}"


def dress(word: Any, title: str) -> None:
    """Give an empty document our look: an A4 page, quiet letters, page numbers."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.3)
    normal = word.styles["Normal"]
    _letters(normal, 10.5, INK)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for name, (size, before, after, colour) in _STYLES.items():
        style = word.styles[name]
        _letters(style, size, colour)
        style.font.bold = name not in ("Title", "Subtitle", "Quote")
        style.font.italic = name == "Quote"
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        _without_border(style)
    word.styles["Heading 1"].paragraph_format.page_break_before = True
    word.styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    word.styles["Quote"].paragraph_format.right_indent = Cm(0.8)
    section.different_first_page_header_footer = True
    foot(section, title, _TEXT_WIDTH)


def complete(word: Any) -> None:
    """Add what of our own styles a document lacks; a template may have them as it wants them."""
    there = {style.name for style in word.styles}
    if NOTE not in there:
        style = _new(word, NOTE, 9, FAINT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(3), Pt(10)
    if TABLE_TEXT not in there:
        style = _new(word, TABLE_TEXT, 9, None)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1.5)
        style.paragraph_format.line_spacing = 1.0
    if FIGURE not in there:
        style = _new(word, FIGURE, None, None)
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.line_spacing = 1.0
    if CONTENTS_TITLE not in there:
        style = _new(word, CONTENTS_TITLE, 14, LINE)
        style.font.bold = True
        style.paragraph_format.space_before = Pt(12)
    for level in range(1, _LEVELS + 1):
        if contents_level(level) not in there:
            _contents_style(word, level)
    if TABLE not in there:
        word.styles.element.append(parse_xml(_TABLE_STYLE))


def speak(word: Any, tag: str) -> None:
    """Say in which language the text is, so that it is spelt and read aloud as that."""
    defaults = word.styles.element.find(qn("w:docDefaults"))
    for lang in [] if defaults is None else defaults.iter(qn("w:lang")):
        lang.set(qn("w:val"), tag)
    normal = word.styles["Normal"].element.get_or_add_rPr()
    for old in normal.findall(qn("w:lang")):
        normal.remove(old)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), tag)
    normal.append(spoken)
    settings = word.settings.element
    if settings.find(qn("w:updateFields")) is None:  # so that Word counts the pages
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.append(update)


def _new(word: Any, name: str, size: float | None, colour: str | None) -> Any:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    if size is not None:
        style.font.size = Pt(size)
    if colour is not None:
        style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    return style


def _contents_style(word: Any, level: int) -> None:
    style = _new(word, contents_level(level), None, None)
    shape = style.paragraph_format
    shape.left_indent = Cm(0.6 * (level - 1))
    shape.space_after = Pt(2)
    shape.space_before = Pt(6 if level == 1 else 0)
    style.font.bold = level == 1
    section = word.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    shape.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _letters(style: Any, size: float, colour: str) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):  # the fonts of the theme would go before ours
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:cs"), _FONT)


def _without_border(style: Any) -> None:
    about = style.element.get_or_add_pPr()
    for border in about.findall(qn("w:pBdr")):
        about.remove(border)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)


def foot(section: Any, title: str, width: int) -> None:
    """The title on the left and the page number on the right, below each page of a section."""
    paragraph = section.footer.paragraphs[0]
    _letters(paragraph.style, 8.5, FAINT)
    paragraph.style.paragraph_format.tab_stops.clear_all()  # one in the middle, before ours
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{printable(title)}\t")
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("end", "")):
        run = paragraph.add_run()._r
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run.append(mark)


_TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
  <w:name w:val="{TABLE}"/>
  <w:basedOn w:val="TableNormal"/>
  <w:uiPriority w:val="99"/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{INK[1:]}"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK[1:]}"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{GRID[1:]}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:left w:w="70" w:type="dxa"/>
      <w:right w:w="70" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr>
      <w:tcBorders>
        <w:bottom w:val="single" w:sz="6" w:space="0" w:color="{INK[1:]}"/>
      </w:tcBorders>
      <w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
</w:style>
"""
