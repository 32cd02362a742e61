"""The templates to download, made from the same columns that the import reads."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from webapp.imports.columns import Column


def template(columns: Sequence[Column], language: str) -> bytes:
    """A CSV file with only the header, in the form that Excel opens in that language.

    The byte order mark tells Excel that it is UTF-8; a Canadian French Excel parts columns by semicolons.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerow([column.header(language) for column in columns])
    return codecs.BOM_UTF8 + out.getvalue().encode()
