"""Attachments: files uploaded beside their Attachable, and read back through an address of their own.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/attachable
"""

import secrets
from collections.abc import Iterator
from typing import NamedTuple

from . import choices, engine, entities, faults, jsontext
from .books import Body, Books
from .multipart import Part
from .store import Store

METADATA, CONTENT = "file_metadata_", "file_content_"
LARGEST_UPLOAD = 5_000_000
_UNKNOWN_TYPE = "application/octet-stream"


class Upload(NamedTuple):
    """One file of a call and what is said about it."""

    metadata: Part | None
    content: Part | None


class StoredFile(NamedTuple):
    """A file as it is given back."""

    name: str
    media_type: str
    content: bytes


def upload(store: Store, books: Books, parts: list[Part], base: str) -> str:
    """Store the files of a call, each for itself; answers the text of its AttachableResponse.

    base: where this server is reached, for the address to download from. A file that is refused has a Fault
    in its place and leaves nothing behind. Raises Fault 2020 when there is no file at all.
    """
    answers = []
    for one in _paired(parts):
        try:
            with store.savepoint(books.db):
                made = _store(books, one, base)
        except faults.Fault as fault:
            answers.append(f'{{"Fault":{jsontext.dumps(choices.chosen(books.db, fault).content())}}}')
        else:
            answers.append(f'{{"Attachable":{jsontext.dumps(made)}}}')
    if not answers:
        raise faults.required(f"{CONTENT}0")
    return f"[{','.join(answers)}]"


def address(books: Books, object_id: str, base: str) -> str:
    """Where the file of an attachable can be downloaded from; raises Fault 2030 or 610."""
    engine.check_id(object_id)
    row = books.db.execute(
        "SELECT token FROM file WHERE realm = ? AND id = ?", (books.realm, object_id)
    ).fetchone()
    if row is None:
        raise faults.not_found()
    return _address(base, row[0])


def find(store: Store, token: str) -> StoredFile | None:
    """The file that an address leads to, or None."""
    with store.reading() as db:
        row = db.execute(
            "SELECT json, content FROM file JOIN object USING (realm, id) "
            "WHERE token = ? AND entity = 'Attachable'",
            (token,),
        ).fetchone()
    if row is None:
        return None
    attachable = jsontext.loads(row[0])
    return StoredFile(attachable.get("FileName", ""), attachable.get("ContentType", _UNKNOWN_TYPE), row[1])


def forget(books: Books, object_id: str) -> None:
    """Delete the file of an attachable that was deleted."""
    books.db.execute("DELETE FROM file WHERE realm = ? AND id = ?", (books.realm, object_id))


def _paired(parts: list[Part]) -> Iterator[Upload]:
    """Metadata and content with the same ending belong together, in the order in which they came."""
    found: dict[str, dict[str, Part]] = {}
    for part in parts:
        for prefix in (METADATA, CONTENT):
            if part.name.startswith(prefix):
                found.setdefault(part.name.removeprefix(prefix), {})[prefix] = part
    for pair in found.values():
        yield Upload(pair.get(METADATA), pair.get(CONTENT))


def _store(books: Books, one: Upload, base: str) -> Body:
    if one.content is None:
        raise faults.required(CONTENT)
    body = _metadata(one.metadata)
    body["FileName"] = body.get("FileName") or one.content.filename or "attachment"
    body["ContentType"] = body.get("ContentType") or one.content.media_type or _UNKNOWN_TYPE
    body["Size"] = len(one.content.content)
    for reference in body.get("AttachableRef") or ():
        _check_target(books, reference)
    spec = entities.BY_NAME["Attachable"]
    made = engine.save(books, spec, engine.read(spec, body))
    token = secrets.token_urlsafe(24)
    made["FileAccessUri"] = f"/v3/company/{books.realm}/download/{made['Id']}"
    made["TempDownloadUri"] = _address(base, token)
    books.touch("Attachable", made)
    books.db.execute(
        "INSERT INTO file VALUES (?, ?, ?, ?)", (books.realm, made["Id"], token, one.content.content)
    )
    return made


def _metadata(part: Part | None) -> Body:
    """What the client says of a file; an id in it is none yet."""
    if part is None:
        return {}
    try:
        body = jsontext.loads(part.content)
    except jsontext.JsonError as error:
        raise faults.bad_property(f"Unexpected JSON: {error}") from error
    if not isinstance(body, dict):
        raise faults.bad_property(f"{part.name} must be an object;")
    return {key: value for key, value in body.items() if key not in ("Id", "SyncToken", "sparse")}


def _check_target(books: Books, reference: object) -> None:
    """Raise Fault 6000 when a file is to be attached to what does not exist, as recorded traffic shows."""
    target = reference.get("EntityRef") if isinstance(reference, dict) else None
    if not isinstance(target, dict):
        return
    spec = entities.BY_PATH.get(str(target.get("type", "")).lower())
    if spec is None or books.text(spec.name, str(target.get("value", ""))) is None:
        raise faults.business("The object that the file is to be attached to does not exist", "EntityRef")


def _address(base: str, token: str) -> str:
    return f"{base.rstrip('/')}/download/{token}"
