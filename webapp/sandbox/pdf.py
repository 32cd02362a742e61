"""A small PDF writer: lines of text in Helvetica on letter pages, which every reader can show.

It writes what ISO 32000-1 calls a simple file: one catalogue, one font, a page and a stream per page.
"""

from collections.abc import Iterable
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN = 612, 792, 54
LEADING = 16
ROWS = (HEIGHT - 2 * MARGIN) // LEADING
# The widest text of one size 10 line, in characters; longer ones are cut.
LONGEST = 110


class Line(NamedTuple):
    """One line of a page: text at the left, a second one that begins further right, and the size."""

    left: str
    right: str = ""
    size: int = 10


def render(title: str, lines: Iterable[Line]) -> bytes:
    """The bytes of a PDF with these lines, on as many pages as they need."""
    rows = list(lines)
    pages = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)] or [[]]
    numbers = [4 + 2 * n for n in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        stream = b"\n".join(part for n, line in enumerate(page) for part in _drawn(n, line))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F 3 0 R >> >> /Contents {number + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(b"<< /Title " + _text(title) + b" >>")
    return _file(objects)


def _drawn(row: int, line: Line) -> list[bytes]:
    """The operators that show one line."""
    height = HEIGHT - MARGIN - (row + 1) * LEADING
    places = ((MARGIN, line.left), (WIDTH - MARGIN - 80, line.right))
    return [
        b"BT /F %d Tf %d %d Td " % (line.size, place, height) + _text(text[:LONGEST]) + b" Tj ET"
        for place, text in places
        if text
    ]


def _text(text: str) -> bytes:
    """A text as a PDF string in the font's encoding."""
    coded = " ".join(text.split()).encode("cp1252", "replace")
    return b"(" + coded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _file(objects: list[bytes]) -> bytes:
    """Header, numbered objects (the last is the title), the table of where each begins, and the trailer."""
    body, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % table)
