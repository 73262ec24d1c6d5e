"""Pages of a letter as text: as `pdftotext -layout` prints the published PDFs, or as the text corpora keep them.

The corpora have no header table, no centred titles, an empty line after every line and nothing but more of them at a page break.
"""

CENTRE = {"HOW": 17, "CLINICAL": 32, "IMR": 22}
COLUMNS = (0, 22, 54, 75)


def as_pdftotext(pages):
    """Every page ends with a form feed."""
    return "".join("".join(printed(line) + "\n" for line in page) + "\f" for page in pages)


def printed(line):
    """A line at its place: titles centred, the cells of the header table in their columns."""
    if line.place == "title":
        return " " * CENTRE[line.text.split()[0]] + line.text
    if line.place == "header":
        row = ""
        for column, (cell, _) in zip(COLUMNS, line.runs):
            row = row.ljust(column) + cell if cell else row
        return row
    return line.text


def double_spaced(pages):
    """The form of the text corpora."""
    return "\n\n".join("".join(f"{line.text} \n\n" for line in page) for page in pages)
