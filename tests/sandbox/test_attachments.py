"""Attachments: files as clients really upload them, what stands beside them, and how they come back."""

import base64
import json

import pytest
import requests

from .conftest import code_of
from .documents import invoice

FILE = b"%PDF-1.4 \x00\xff\r\n--not-the-boundary\n"
CRLF, LF = "\r\n", "\n"


def part(name, content, *headers, filename=None, end=CRLF):
    title = f'Content-Disposition: form-data; name="{name}"' + (
        f'; filename="{filename}"' if filename else ""
    )
    head = end.join(["--edge", title, *headers]) + end * 2
    return head.encode() + content + end.encode()


def send(company, *parts, end=CRLF, **params):
    body = b"".join(parts) + f"--edge--{end}".encode()
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    return company.call("POST", "upload", data=body, headers=headers, params=params)


def metadata(number="0", end=CRLF, **fields):
    return part(
        f"file_metadata_{number}", json.dumps(fields).encode(), "Content-Type: application/json", end=end
    )


def content(number="0", data=FILE, filename="proof.pdf", media_type="application/pdf", end=CRLF):
    return part(
        f"file_content_{number}", data, f"Content-Type: {media_type}", filename=filename, end=end
    )  # fmt: skip


def target(entity, object_id):
    return [{"EntityRef": {"type": entity, "value": object_id}, "IncludeOnSend": False}]


def attachables(answer):
    assert answer.status_code == 200, answer.text
    return [one.get("Attachable") or one for one in answer.json()["AttachableResponse"]]


def test_file_is_stored_with_what_is_said_about_it(us):
    made = us.made("invoice", invoice())
    (stored,) = attachables(
        send(us, metadata(FileName="proof.pdf", ContentType="application/pdf", Note="signed",
                          AttachableRef=target("Invoice", made["Id"])), content())
    )  # fmt: skip
    assert stored["FileName"] == "proof.pdf"
    assert stored["ContentType"] == "application/pdf"
    assert stored["Size"] == len(FILE)
    assert stored["Note"] == "signed"
    assert stored["AttachableRef"][0]["EntityRef"] == {"type": "Invoice", "value": made["Id"]}
    assert us.get(f"attachable/{stored['Id']}").json()["Attachable"] == stored
    given = requests.get(stored["TempDownloadUri"], timeout=10)
    assert given.content == FILE
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["Content-Disposition"] == "attachment; filename=proof.pdf"
    assert us.get(f"download/{stored['Id']}").text == stored["TempDownloadUri"]


def test_parts_with_bare_line_feeds_and_a_file_in_base64_are_taken(us):
    encoded = part("file_content_01", base64.encodebytes(FILE), "Content-Type: application/pdf",
                   "Content-Transfer-Encoding: base64", end=LF)  # fmt: skip
    (stored,) = attachables(send(us, b"\n", metadata("01", FileName="a.pdf", end=LF), encoded, end=LF))
    assert (stored["FileName"], stored["Size"]) == ("a.pdf", len(FILE))
    assert requests.get(stored["TempDownloadUri"], timeout=10).content == FILE


def test_file_without_metadata_gets_what_its_part_says(us):
    (stored,) = attachables(send(us, content(filename="née.txt", media_type="text/plain")))
    assert (stored["FileName"], stored["ContentType"]) == ("née.txt", "text/plain")


def test_files_of_one_call_stand_for_themselves(us):
    answer = send(
        us,
        metadata("0", AttachableRef=target("Invoice", "999")),
        content("0"),
        metadata("1", FileName="good.txt"),
        content("1", b"good"),
        metadata("2", FileName="x" * 1001),
        content("2"),
        metadata("3", Nonsense=1),
        content("3"),
        metadata("4"),
    )
    found = attachables(answer)
    assert found[1]["FileName"] == "good.txt"
    codes = [one["Fault"]["Error"][0]["code"] for one in found if "Fault" in one]
    assert codes == ["6000", "2050", "2010", "2020"]
    assert us.query("SELECT COUNT(*) FROM Attachable").json()["QueryResponse"] == {"totalCount": 1}


def test_deleted_attachable_takes_its_file_along_and_needs_no_sync_token(us):
    (stored,) = attachables(send(us, content()))
    assert us.made("attachable", {"Id": stored["Id"]}, operation="delete")["status"] == "Deleted"
    assert requests.get(stored["TempDownloadUri"], timeout=10).status_code == 404
    assert code_of(us.get(f"download/{stored['Id']}")) == "610"


def test_same_requestid_stores_a_file_once(us):
    first, again = (send(us, content(), requestid="f").content for _ in range(2))
    assert first == again
    assert us.query("SELECT COUNT(*) FROM Attachable").json()["QueryResponse"] == {"totalCount": 1}


def test_note_can_be_attached_without_a_file(us):
    note = us.made("attachable", {"Note": "call back", "AttachableRef": target("Customer", "1")})
    assert code_of(us.get(f"download/{note['Id']}")) == "610"


def test_file_is_found_again_after_it_was_renamed(us):
    (stored,) = attachables(send(us, content()))
    renamed = us.made("attachable", {**stored, "FileName": "other.pdf"})
    assert renamed["TempDownloadUri"] == stored["TempDownloadUri"]
    given = requests.get(stored["TempDownloadUri"], timeout=10)
    assert given.headers["Content-Disposition"] == "attachment; filename=other.pdf"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "multipart/form-data", 400, "2010"),
        (b"", "multipart/form-data; boundary=edge", 400, "2010"),
        (b"nonsense", "multipart/form-data; boundary=edge", 400, "2010"),
        (b"--edge\r\n\r\n", "multipart/form-data; boundary=edge", 400, "2010"),
        (b"--edge--\r\n", "multipart/form-data; boundary=edge", 400, "2020"),
        (part("file_content_0", b"%%%", "Content-Transfer-Encoding: base64") + b"--edge--",
         "multipart/form-data; boundary=edge", 400, "2010"),
        (part("file_metadata_0", b"{") + content() + b"--edge--",
         "multipart/form-data; boundary=edge", 200, None),
        (b"x", "application/octet-stream", 415, "500"),
        (b"{}", "application/json", 415, "500"),
        (content(data=b"x" * 5_000_001) + b"--edge--", "multipart/form-data; boundary=edge", 413, "500"),
    ],
)  # fmt: skip
def test_upload_that_cannot_be_read_stores_nothing(us, body, content_type, status, code):
    answer = us.call("POST", "upload", data=body, headers={"Content-Type": content_type})
    assert answer.status_code == status
    if code:
        assert code_of(answer) == code
    else:
        assert answer.json()["AttachableResponse"][0]["Fault"]["Error"][0]["code"] == "2010"
    assert us.query("SELECT COUNT(*) FROM Attachable").json()["QueryResponse"] == {"totalCount": 0}


def test_huge_body_is_refused_before_it_is_read(us):
    huge = us.call("POST", "upload", data=iter([b"x" * 1_000_000] * 50), headers={"Content-Type": "a/b"})
    assert huge.status_code in (413, 415)
