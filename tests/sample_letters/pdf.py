"""Pages of a letter as a PDF in the form of the published ones.

Two fonts that are not embedded, with their widths and WinAnsiEncoding; every paragraph a marked-content group; words cut over several
operators with small kerns between, as Word writes them; encrypted with AES for an empty user password. Written by hand because
the form is the point, and so that the same letter gives the same bytes.
"""

import hashlib
import zlib

import crypt_aes
from fonts import BOLD, REGULAR, width
from layout import SIZE

LEFT, TOP, PITCH = 72.024, 708.84, 13.8
HEADER_TOP, HEADER_PITCH = 688.66, 13.08
HEADER_COLUMNS = (72.024, 179.42, 328.99, 426.91)
HEADER_BOXES = ((66.864, 106.92), (323.83, 97.44))
AFTER_HEADER = 613.54


def letter(pages, user_password="", encrypted=True):
    """A letter's pages as a PDF."""
    streams = [content(page).encode("cp1252") for page in pages]
    resources = b"<</Font<</F1 3 0 R/F2 4 0 R>>>>"
    fonts = [font("TimesNewRomanPS-BoldMT", BOLD, 700), font("TimesNewRomanPSMT", REGULAR, 400)]
    return document(streams, resources, fonts, user_password if encrypted else None)


def content(page):
    """The content stream of a page."""
    out, y = [], TOP
    for row, line in enumerate(page):
        above = page[row - 1] if row else None
        if line.place == "header":
            y = HEADER_TOP - row * HEADER_PITCH
            out.append(shaded(y))
        elif above and above.place == "header":
            y = AFTER_HEADER
        elif above:
            y -= PITCH
        if not above or line.paragraph != above.paragraph:
            out.append(f"/P <</MCID {row}>> BDC")
        out.extend(runs(line, y))
        if line is page[-1] or page[row + 1].paragraph != line.paragraph:
            out.append("EMC")
    return "\n".join(out)


def shaded(y):
    """The grey behind the labels of a header row."""
    boxes = "".join(f"{x} {y - 2.5:.2f} {w} 12.6 re f* " for x, w in HEADER_BOXES)
    return f"0.875 g {boxes}0 g"


def runs(line, y):
    """A line's runs at their places; a value of the header stands a little lower than its label."""
    if line.place == "header":
        for x, (text, bold) in zip(HEADER_COLUMNS, line.runs):
            if text:
                yield from show(text, bold, x, y - (0 if bold else 0.12))
        return
    x = LEFT
    if line.place == "title":
        x = 306 - width(line.text, True) * SIZE / 2000
    for text, bold in line.runs or [(" ", False)]:
        yield from show(text, bold, x, y)
        x += width(text, bold) * SIZE / 1000


def show(text, bold, x, y):
    """A run, cut after hyphens and colons, each piece placed by itself."""
    for piece in text.replace("-", "-\0").replace(":", ":\0").split("\0"):
        if piece:
            yield f"BT\n/F{1 if bold else 2} {SIZE} Tf\n1 0 0 1 {x:.2f} {y:.2f} Tm\n[{kerned(piece)}] TJ\nET"
        x += width(piece, bold) * SIZE / 1000


def kerned(piece):
    """A string cut into short ones with kerns between that add up to nothing much."""
    cuts, kerns = (7, 3, 11, 5), (4, -3, 6, -7)
    out, at, turn = "", 0, 0
    while at < len(piece):
        part = piece[at : at + cuts[turn % 4]]
        escaped = part.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        at += len(part)
        out += f"({escaped})" + (str(kerns[turn % 4]) if at < len(piece) else "")
        turn += 1
    return out


def font(name, widths, weight):
    """A font with its widths and no program: the reader of the PDF has it, or one like it."""
    return f"""<</Type/Font/Subtype/TrueType/BaseFont/{name}/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255
/Widths[{" ".join(map(str, widths))}]
/FontDescriptor<</Type/FontDescriptor/FontName/{name}/Flags 32/ItalicAngle 0/Ascent 891/Descent -216/CapHeight 693
/FontWeight {weight}/StemV 40/FontBBox[-568 -216 2000 693]>>>>""".encode()


def document(streams, resources, extra, user_password):
    """A PDF of pages with these content streams and resources; `extra` are the objects from number 3 on.

    Its identifier is a digest of what it shows, so it stays the same where another zlib deflates otherwise.
    """
    identifier = hashlib.md5(repr((streams, resources, extra, user_password)).encode()).digest()
    lock = None if user_password is None else crypt_aes.Lock(user_password, identifier)
    first = 3 + len(extra)
    page_numbers = [first + 2 * n for n in range(len(streams))]
    kids = " ".join(f"{n} 0 R" for n in page_numbers).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(streams)),
        *(sealed(o, 3 + n, lock) if isinstance(o, tuple) else o for n, o in enumerate(extra)),
    ]
    for number, data in zip(page_numbers, streams):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources%s>>" % (number + 1, resources)
        )
        objects.append(sealed((b"", data), number + 1, lock))
    if lock:
        objects.append(lock.dictionary())
    return assembled(objects, identifier, lock)


def sealed(stream, number, lock):
    """A stream object, (entries of its dictionary, data), deflated and encrypted."""
    entries, data = stream
    data = zlib.compress(data, 9)
    if lock:
        data = lock.encrypt(data, number)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def assembled(objects, identifier, lock):
    """The objects as a file with its cross-reference table."""
    out, places = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    encrypt = b"/Encrypt %d 0 R" % len(objects) if lock else b""
    hexed = identifier.hex().encode()
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, encrypt, hexed, hexed, len(out))


def picture():
    """A page that is a picture of lines, as a scanner makes it: there is no text in it."""
    rows = []
    for y in range(396):
        inked = 40 < y < 350 and y % 7 < 3
        words = (b"\xff\xff\xf0\x7f\xfc\x1f\xff\xc1\xff" * 4)[: 28 - y // 7 % 3]
        rows.append((b"\0" * 4 + (words if inked else b"") + b"\0" * 39)[:39])
    image = (b"/Type/XObject/Subtype/Image/Width 312/Height 396/BitsPerComponent 1/ColorSpace/DeviceGray/Decode[1 0]", b"".join(rows))
    return document([b"q 612 0 0 792 0 0 cm /Im0 Do Q"], b"<</XObject<</Im0 3 0 R>>>>", [image], None)
