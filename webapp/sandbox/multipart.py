"""Multipart bodies as clients of Intuit's upload really send them: also with bare LF, also in base64."""

import base64
import binascii
from typing import NamedTuple

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from . import faults

MOST_PARTS = 100


class Part(NamedTuple):
    """One part: the name of its field, its file's name if it has one, its media type and its content."""

    name: str
    filename: str
    media_type: str
    content: bytes


def read(content_type: str, body: bytes) -> list[Part]:
    """The parts of a body, in order; raises Fault 2010 for one that cannot be read."""
    _, options = parse_options_header(content_type)
    boundary = options.get("boundary", "").encode("latin-1", "replace")
    if not boundary:
        raise faults.bad_property("A multipart body without a boundary")
    decoder = MultipartDecoder(boundary, max_parts=MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    try:
        return _parts(decoder)
    except ValueError as error:
        raise faults.bad_property(f"A multipart body that cannot be read: {error}") from error


def _parts(decoder: MultipartDecoder) -> list[Part]:
    parts: list[Part] = []
    head: Field | File | None = None
    content = b""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            head, content = event, b""
        if isinstance(event, Data) and head is not None:
            content += event.data
            if not event.more_data:
                parts.append(_part(head, content))
    return parts


def _part(head: Field | File, content: bytes) -> Part:
    encoding = head.headers.get("Content-Transfer-Encoding", "").strip().lower()
    if encoding == "base64":
        try:
            content = base64.b64decode(b"".join(content.split()), validate=True)
        except binascii.Error as error:
            raise faults.bad_property(f"The base64 of {head.name}") from error
    media_type, _ = parse_options_header(head.headers.get("Content-Type", ""))
    filename = head.filename if isinstance(head, File) else ""
    return Part(head.name or "", filename or "", media_type, content)
