"""Forms by e-mail and as PDF, and what is answered to whom asks for something else than JSON."""

import re

import pytest

from .conftest import code_of, error_of
from .documents import invoice, order, sales_line

OCTETS = {"Content-Type": "application/octet-stream"}


def send(company, path, **params):
    return company.call("POST", f"{path}/send", params=params, headers=OCTETS)


def test_sent_invoice_says_when_and_to_whom(us):
    made = us.made("invoice", invoice())
    sent = send(us, f"invoice/{made['Id']}", sendTo="accounts@quillstone.example").json()["Invoice"]
    assert sent["EmailStatus"] == "EmailSent"
    assert sent["BillEmail"] == {"Address": "accounts@quillstone.example"}
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"
    assert sent["DeliveryInfo"]["DeliveryTime"]
    assert sent["SyncToken"] == "1"
    assert us.get(f"invoice/{made['Id']}").json()["Invoice"] == sent


def test_invoice_goes_to_its_own_address_when_none_is_given(us):
    made = us.made("invoice", invoice(BillEmail={"Address": "own@quillstone.example"}))
    assert send(us, f"invoice/{made['Id']}").json()["Invoice"]["EmailStatus"] == "EmailSent"


def test_purchase_order_has_an_address_of_its_own(us):
    made = us.made("purchaseorder", order())
    sent = send(us, f"purchaseorder/{made['Id']}", sendTo="orders@supplier.example").json()["PurchaseOrder"]
    assert sent["POEmail"]["Address"] == "orders@supplier.example"


def test_sending_twice_under_one_requestid_sends_once(us):
    made = us.made("invoice", invoice())
    first, again = (
        send(us, f"invoice/{made['Id']}", sendTo="a@b.example", requestid="s").content for _ in range(2)
    )
    assert first == again


@pytest.mark.parametrize(
    ("path", "to", "code"),
    [
        ("invoice/{}", None, "2020"),
        ("invoice/{}", "", "2020"),
        ("invoice/{}", "nobody", "6000"),
        ("invoice/{}", "a@b@c.example", "6000"),
        ("invoice/{}", "x" * 100 + "@b.example", "6000"),
        ("invoice/99", "a@b.example", "610"),
        ("invoice/abc", "a@b.example", "2030"),
        ("customer/1", "a@b.example", "500"),
        ("spaceship/1", "a@b.example", "500"),
    ],
)
def test_form_that_cannot_be_sent_is_refused(us, path, to, code):
    made = us.made("invoice", invoice())
    answer = send(us, path.format(made["Id"]), **({} if to is None else {"sendTo": to}))
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert us.get(f"invoice/{made['Id']}").json()["Invoice"]["SyncToken"] == "0"


def strings_of(content):
    return [text.decode("cp1252") for text in re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", content)]


def check_structure(content):
    """Every entry of the table leads to its object, and the last lines lead to the table."""
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", content)[1])
    assert content[start : start + 4] == b"xref"
    places = re.findall(rb"(\d{10}) 00000 n ", content[start:])
    for number, place in enumerate(places, 1):
        assert content[int(place) :].startswith(b"%d 0 obj\n" % number)
    for length, stream in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.DOTALL):
        assert int(length) == len(stream)


@pytest.mark.parametrize("accept", ["application/pdf", "application/pdf, application/json", "*/*"])
def test_invoice_comes_as_a_pdf(us, accept):
    made = us.made("invoice", invoice(sales_line(98.5, Qty=10, UnitPrice=9.85), DocNumber="(7)\\ é"))
    answer = us.call("GET", f"invoice/{made['Id']}/pdf", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4")
    check_structure(answer.content)
    shown = strings_of(answer.content)
    assert shown[:2] == ["Northgate Promo Co.", "Invoice \\(7\\)\\\\ é"]
    assert "98.50" in shown
    assert "Total" in shown


def test_long_invoice_gets_more_pages(us):
    made = us.made("invoice", invoice(*[sales_line(1) for _ in range(100)]))
    content = us.get(f"invoice/{made['Id']}/pdf").content
    check_structure(content)
    assert content.count(b"/Type /Page ") == 3


def test_pdf_of_what_is_no_form_is_refused(us):
    assert code_of(us.get("customer/1/pdf")) == "500"
    assert code_of(us.get("invoice/99/pdf")) == "610"


@pytest.mark.parametrize(
    "accept",
    [
        *("", "*/*", "application/*", "application/xml", "text/xml", "text/html", "text/plain"),
        *("application/json;q=0", "application/jsonp", "application/pdf", "nonsense", ";;;,,,"),
    ],
)
def test_whoever_does_not_ask_for_json_gets_a_note_in_xml_and_nothing_is_done(us, accept):
    headers = {"Accept": accept}
    for method, path, body in (
        ("GET", "preferences", None),
        ("GET", "invoice/1", None),
        ("GET", "query?query=select * from Term", None),
        ("POST", "customer", {"DisplayName": "Nobody"}),
        ("POST", "batch", {"BatchItemRequest": []}),
    ):
        answer = us.call(method, path, json=body, headers=headers)
        assert answer.status_code == 406, path
        assert answer.headers["Content-Type"].startswith("application/xml")
        assert "<Fault" in answer.text
    assert not us.rows("SELECT * FROM Customer WHERE DisplayName = 'Nobody'")


@pytest.mark.parametrize(
    "accept",
    [
        *("application/json", "Application/JSON", "application/json; charset=utf-8"),
        *(
            "application/json, text/plain, */*",
            "text/html, application/json;q=0.9",
            "application/xml, application/json",
        ),
    ],
)
def test_json_asked_for_by_name_is_answered(us, accept):
    answer = us.call("GET", "preferences?format=json&minorversion=75", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.json()["Preferences"]


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", ""])
def test_body_in_xml_is_refused(us, content_type):
    answer = us.call(
        "POST", "customer", data="<Customer><DisplayName>X</DisplayName></Customer>",
        headers={"Content-Type": content_type},
    )  # fmt: skip
    assert (answer.status_code, code_of(answer)) == (415, "500")
    assert "Content-Type" in error_of(answer)["Detail"]
