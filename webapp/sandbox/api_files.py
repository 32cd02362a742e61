"""The parts of the accounting API that carry files and forms: upload, download, send and PDF."""

from flask import Response, g, request

from . import attachments, faults, jsontext, multipart, sending, writing
from .api import blueprint, entity_of, perform
from .books import Books
from .state import sandbox

__all__ = ["blueprint"]


@blueprint.post("/upload")
def upload() -> Response:
    """Store files with their attachables."""
    if request.mimetype != "multipart/form-data":
        raise faults.media_type(request.mimetype)
    request.max_content_length = attachments.LARGEST_UPLOAD
    parts = multipart.read(request.headers["Content-Type"], request.get_data())
    store, base = sandbox().store, request.host_url

    def act(books: Books) -> bytes:
        return writing.wrap("AttachableResponse", attachments.upload(store, books, parts, base), books.now)

    return perform(act)


@blueprint.get("/download/<object_id>")
def download(object_id: str) -> Response:
    """Answer where the file of an attachable can be had."""
    with sandbox().store.reading() as db:
        address = attachments.address(Books(db, g.realm, sandbox().clock.now()), object_id, request.host_url)
    return Response(address, mimetype="text/plain")


@blueprint.post("/<path>/<object_id>/send")
def send(path: str, object_id: str) -> Response:
    """Note that a form was sent by e-mail."""
    spec, address = entity_of(path), request.args.get("sendTo")

    def act(books: Books) -> bytes:
        sent = sending.send(books, spec, object_id, address)
        return writing.wrap(spec.name, jsontext.dumps(sent), books.now)

    return perform(act)


@blueprint.get("/<path>/<object_id>/pdf")
def show_pdf(path: str, object_id: str) -> Response:
    """Answer a form as a PDF."""
    spec = entity_of(path)
    with sandbox().store.reading() as db:
        content = sending.as_pdf(Books(db, g.realm, sandbox().clock.now()), spec, object_id)
    return Response(content, mimetype="application/pdf")
