"""A letter's content laid out as published: paragraphs wrapped into lines, lines gathered into pages.

The places that matter to a parser are chosen by the content, with three marks that stand as words of their own in any text:
`{page}` begins a new page with the line that holds the next word, `{line}` begins a new line, `{gap}` is the blank that a redacted
name leaves behind. Everything else wraps by the glyph widths of the published form, and a full page is followed by the next.
"""

import re
from dataclasses import dataclass, field

from fonts import width

SIZE = 12
COLUMN = 468 * 1000 / SIZE
PAGE_WITH_HEADER, PAGE = 43, 46
GAP = " " * 14

REVIEWER = """He/she has been in active clinical practice for more than five years and is currently working at least 24 hours a week
    in active practice. The expert reviewer was selected based on his/her clinical experience, education, background, and expertise
    in the same or similar specialties that evaluate and/or treat the medical condition and disputed items/{items}. He/she is
    familiar with governing laws and regulations, including the strength of evidence hierarchy that applies to Independent Medical
    Review determinations."""


@dataclass
class Line:
    """A printed line: its runs of (text, bold), or none for a blank one."""

    runs: list = field(default_factory=list)
    place: str = "left"
    """`left`, `title`, or `header` for a row of the header table."""
    new_page: bool = False
    paragraph: int = 0

    def add(self, text, bold):
        """Put text at the end, into the last run where that is of the same weight."""
        if self.runs and self.runs[-1][1] == bold:
            self.runs[-1] = (self.runs[-1][0] + text, bold)
        else:
            self.runs.append((text, bold))

    @property
    def text(self):
        """The line without its weights."""
        return "".join(text for text, _ in self.runs)


def pages(letter):
    """The pages of a letter, each a list of lines that neither begins nor ends with a blank one."""
    lines = []
    for number, paragraph in enumerate(paragraphs(letter)):
        for line in paragraph:
            line.paragraph = number
            lines.append(line)
    result, page = [], []
    for line in lines:
        full = PAGE_WITH_HEADER if page and page[0].place == "header" else PAGE
        if page and (line.new_page or len(page) == full):
            result.append(trimmed(page))
            page = []
        if page or line.runs:
            page.append(line)
    return [*result, trimmed(page), *([[]] if letter.get("empty_last_page") else [])]


def trimmed(page):
    """A page without the blank lines at its end."""
    while page and not page[-1].runs:
        page = page[:-1]
    return page


def paragraphs(letter):
    """The paragraphs of a letter from top to bottom, each a list of lines; the blank lines are paragraphs too."""
    if letter.get("case"):
        yield from header(letter)
        yield [Line()]
    yield title("HOW THE IMR FINAL DETERMINATION WAS MADE")
    yield from reviewer(letter)
    yield [Line()]
    yield title(letter.get("before_summary", "") + " CLINICAL CASE SUMMARY")
    yield wrap("""The expert reviewer developed the following clinical case summary based on a review of the case file, including
        all medical records:""")
    yield [Line()]
    yield wrap(letter["summary"])
    yield [Line()]
    yield title(letter.get("before_issues", "") + " IMR ISSUES, DECISIONS AND RATIONALES")
    yield wrap(letter.get("after_issues", "")
        + " The Final Determination was based on decisions for the disputed items/services set forth below:")
    for decision in letter["decision"]:
        yield [Line()]
        yield wrap((decision["item"] + ":", True), (decision.get("before_outcome", "") + " " + decision["outcome"], False))
        yield [Line()]
        yield wrap(("Claims Administrator guideline:", True), (decision["claims"], False))
        yield [Line()]
        yield wrap(("MAXIMUS guideline:", True), (decision["imr"], False))
        yield [Line()]
        yield wrap(("Decision rationale:", True), (decision["rationale"], False))


def header(letter):
    """The header table: labels and values in two columns, `Application Received:` over two rows of one cell."""
    day = lambda name: "{1}/{2}/{0}".format(*letter[name].split("-"))
    rows = [
        ("Case Number:", letter["case"], "", ""),
        ("Date Assigned:", day("assigned"), "Date of Injury:", day("injury")),
        ("Decision Date:", day("decided"), "UR Denial Date:", day("denied")),
        ("Priority:", letter["priority"], "Application", day("received")),
        ("", "", "Received:", ""),
    ]
    for row in rows:
        yield [Line([(cell, column % 2 == 0) for column, cell in enumerate(row)], "header")]


def reviewer(letter):
    """The boilerplate with the reviewer's credentials: a list after it, or a sentence in it (the older wording)."""
    start = """MAXIMUS Federal Services sent the complete case file to an expert reviewer. He/she has no affiliation with the employer,
        employee, providers or the claims administrator."""
    states = letter.get("states_printed") or ", ".join(letter["licensure"])
    names = letter.get("specialties_printed") or ", ".join(letter["specialties"])
    if "credentials" in letter:
        yield wrap(" ".join([start, letter["credentials"], REVIEWER.format(items="services")]))
        return
    yield wrap(start + " " + REVIEWER.format(items="Service"))
    yield [Line()]
    yield wrap("The Expert Reviewer has the following credentials:")
    yield wrap("State(s) of Licensure: " + states)
    yield wrap("Certification(s)/Specialty: " + names)


def title(text):
    [line] = wrap((text, True))
    line.place = "title"
    return [line]


def wrap(*spans):
    """Spans of text (a string, or text and whether it is bold) as lines no wider than the column."""
    lines, at, new_page = [Line()], 0, False
    for text, bold in [(s, False) if isinstance(s, str) else s for s in spans]:
        for word in text.split():
            if word == "{page}":
                new_page = True
            elif word == "{line}":
                lines.append(Line())
                at = 0
            else:
                for place, part in enumerate([GAP] if word == "{gap}" else breakable(word)):
                    gap = " " if lines[-1].runs and place == 0 else ""
                    if lines[-1].runs and at + width(gap + part, bold) > COLUMN:
                        lines.append(Line())
                        at, gap = 0, ""
                    lines[-1].add(gap + part, bold)
                    lines[-1].new_page |= new_page
                    at += width(gap + part, bold)
                    new_page = False
    return lines


def breakable(word):
    """The parts between which a word may be broken: after a hyphen that joins two words."""
    return re.split(r"(?<=[^\W\d_]{3}-)(?=[^\W\d_]{3})", word)
