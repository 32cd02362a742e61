from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.html import field_error, soup, text
from webapp.models import Company, Document, ImportFile, User

GOOD = b"ESP+ ID,Name,Member types\nC1,Alder Events,Customer\nC2,Mill & Co.,Supplier\n"
BAD = (
    b"ESP+ ID,Name,Member types,Billing address country\nC1,Alder,Customer,US\nC2,<b>Mill</b>,Friend,Untied\n"
)
DOCUMENT = (
    b"ESP+ ID,Type,Number,Company ESP+ ID,Date,Currency,Total,Amount\nD1,Invoice,20118,C1,%s,USD,%s,100.00\n"
)


def send(client: FlaskClient, data: bytes | None, kind: str = "companies") -> Any:
    """Upload a file as a browser does; werkzeug's own encoder leaves a temporary file open for large ones."""
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n--x--\r\n'
    body = part % (b"rows.csv" if data is not None else b"", data or b"")
    return client.post(f"/{kind}/import", data=body, content_type="multipart/form-data; boundary=x")


def in_french(user: User) -> None:
    User.update(language="fr").where(User.id == user.id).execute()


@pytest.fixture
def member(client: FlaskClient, world: SimpleNamespace) -> FlaskClient:
    return client.sign_in(world.member)


@pytest.mark.parametrize("kind", ["companies", "documents"])
def test_form_describes_the_columns_and_offers_the_template(member: FlaskClient, kind: str) -> None:
    page = member.get(f"/{kind}/import")
    form = soup(page).select_one("main form")
    assert (form["method"], form["action"], form["enctype"]) == (
        "post",
        f"/{kind}/import",
        "multipart/form-data",
    )
    assert soup(page).select_one(f"a[href='/{kind}/template.csv']")
    assert "ESP+ ID Text, at most 60 characters (needed)" in text(page)
    assert field_error(page, "file") == ""


@pytest.mark.parametrize(
    ("language", "start", "name"),
    [
        ("en", b"\xef\xbb\xbfESP+ ID,Name,Number,", "companies-template.csv"),
        ("fr", b"\xef\xbb\xbfID ESP+;Nom;", "modele-entreprises.csv"),
    ],
)
def test_template_comes_in_the_readers_language(
    member: FlaskClient, world: SimpleNamespace, language: str, start: bytes, name: str
) -> None:
    User.update(language=language).where(User.id == world.member.id).execute()
    answer = member.get("/companies/template.csv")
    assert answer.data.startswith(start)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert name in answer.headers["Content-Disposition"]


def test_good_file_leads_to_its_preview_and_then_to_the_result(member: FlaskClient) -> None:
    answer = send(member, GOOD)
    assert answer.status_code == 303
    page = member.get(answer.location)
    assert "New 2 Updated 0 Unchanged 0 Cannot be imported 0" in text(page)
    assert Company.select().count() == 0
    form = soup(page).select_one("main form")
    assert form.button.get_text() == "Import 2 companies"
    done = member.post(form["action"], data={"mode": form.select_one("[name=mode]")["value"]})
    assert (done.status_code, done.location) == (303, answer.location)
    assert "New 2 Updated 0 Skipped 0" in text(member.get(done.location))
    assert Company.select().count() == 2


def test_file_whose_rows_are_all_here_already_offers_no_import(member: FlaskClient) -> None:
    member.post(f"{send(member, GOOD).location}/commit", data={"mode": "all"})
    page = member.get(send(member, GOOD).location)
    assert "New 0 Updated 0 Unchanged 2" in text(page)
    assert "Everything that can be imported is here already." in text(page)
    assert soup(page).select_one("main form button") is None


def test_preview_leaves_out_columns_that_are_blank(member: FlaskClient) -> None:
    page = member.get(send(member, b"ESP+ ID,Name,Phone,Member types\nC1,A,,Customer\n").location)
    headings = [cell.get_text() for cell in soup(page).select("thead th")]
    assert headings == ["Row", "ESP+ ID", "Name", "Member types"]


def test_importing_twice_imports_once_and_says_so(member: FlaskClient) -> None:
    address = send(member, GOOD).location
    member.post(f"{address}/commit", data={"mode": "all"})
    again = member.post(f"{address}/commit", data={"mode": "all"}, follow_redirects=True)
    assert again.status_code == 200
    assert "imported already" in text(again)
    assert Company.select().count() == 2


def test_bad_rows_are_summed_up_and_shown_where_they_stand(member: FlaskClient) -> None:
    page = send(member, BAD)
    assert page.status_code == 422
    summary = soup(page).select_one(".error-summary")
    assert summary["role"] == "alert"
    assert summary.h2.get_text() == "1 company cannot be imported"
    links = summary.select("a")
    assert [" ".join(link.get_text().split()) for link in links] == [
        "Row 3, column Member types: “Friend” has an unknown member type. Write Customer, Supplier, "
        "Decorator or Prospect, several parted by semicolons.",
        "Row 3, column Billing address country: “Untied” is not a country. Write a code like US or CA, or "
        "its name.",
    ]
    for link in links:
        cell = soup(page).find(id=link["href"].removeprefix("#"))
        assert cell is not None
        assert cell.select_one(".error")
    assert "<b>Mill</b>" in text(page)
    assert Company.select().count() == 0


def test_bad_rows_can_be_skipped_afterwards(member: FlaskClient) -> None:
    form = soup(send(member, BAD)).select_one("main form")
    assert form.button.get_text() == "Skip the bad rows, import 1 company"
    member.post(form["action"], data={"mode": "skip_bad"})
    assert [company.name for company in Company.select()] == ["Alder"]


def test_all_or_nothing_is_refused_with_bad_rows_and_nothing_is_lost(member: FlaskClient) -> None:
    send(member, BAD)
    file = ImportFile.get()
    answer = member.post(f"/imports/{file.id}/commit", data={"mode": "all"})
    assert answer.status_code == 422
    assert soup(answer).select_one(".error-summary")
    assert Company.select().count() == 0
    assert member.get(f"/imports/{file.id}").status_code == 200


def test_file_without_good_rows_offers_no_import(member: FlaskClient) -> None:
    page = send(member, b"ESP+ ID,Name,Member types\nC1,,Customer\n")
    assert soup(page).select_one("main form button") is None
    answer = member.post(f"/imports/{ImportFile.get().id}/commit", data={"mode": "skip_bad"})
    assert answer.status_code == 422


def test_odd_file_name_does_no_harm(member: FlaskClient) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n--x--\r\n'
    answer = member.post(
        "/companies/import",
        data=part % (b"<b>\xc3\xa9" * 100, GOOD),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 303
    assert "<b>é<b>" in text(member.get(answer.location))


def test_unknown_columns_are_named(member: FlaskClient) -> None:
    page = member.get(send(member, b"ESP+ ID,Name,Member types,Colour\nC1,A,Customer,red\n").location)
    assert "This column is not known and is ignored: Colour" in text(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "Choose a file."),
        (b"", "This file is empty."),
        (b"PK\x03\x04\x14", "This is a spreadsheet file, not CSV."),
        (b"\x89PNG\r\n\x1a\n", "This is not a CSV file."),
        ("ESP+ ID,Nom\nC1,Québec\n".encode("latin-1"), "Line 2 has characters that are not UTF-8."),
        (b'ESP+ ID,Name,Member types\nC1,"A,Customer\n', "begins in line 2 is not closed"),
        (b"ESP+ ID,Name\nC1,A\n", "These columns are missing: Member types."),
        (b"ESP+ ID,Name,Nom,Member types\nC1,A,B,Customer\n", "The column “Nom” occurs twice."),
        (b"ESP+ ID,Name,Member types\n", "This file has a header but no rows."),
        (b"A\n" + b"1\n" * 20_001, "This file has more than 20,000 rows."),
        (b"A," * 101 + b"\n1\n", "This file has more than 100 columns."),
    ],
)
def test_unusable_file_is_refused_at_the_field(
    member: FlaskClient, data: bytes | None, sentence: str
) -> None:
    page = send(member, data)
    assert page.status_code == 422
    assert sentence in field_error(page, "file")
    assert soup(page).find(id="file")["aria-invalid"] == "true"
    assert ImportFile.select().count() == 0


@pytest.mark.parametrize("size", [5 * 1024 * 1024 + 1, 20 * 1024 * 1024])
def test_file_over_the_limit_is_refused_at_the_field_however_large(member: FlaskClient, size: int) -> None:
    page = send(member, b"x" * size, "documents")
    assert page.status_code == 413
    assert "larger than 5 MB" in field_error(page, "file")
    assert soup(page).h1.get_text() == "Import documents"
    assert ImportFile.select().count() == 0


def test_large_upload_of_a_stranger_is_no_way_in(client: FlaskClient, world: SimpleNamespace) -> None:
    page = send(client, b"x" * 20 * 1024 * 1024)
    assert page.status_code == 413
    assert soup(page).find(id="file") is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your file was not received."), ("fr", "Votre fichier n’a pas été reçu.")]
)
def test_upload_after_the_sign_in_ran_out_asks_for_the_file_again(
    client: FlaskClient, world: SimpleNamespace, language: str, words: str
) -> None:
    client.sign_in(world.member, hours=-1)
    client.post("/language", data={"language": language})
    page = send(client, GOOD)
    assert page.status_code == 401
    assert words in text(page)
    assert ImportFile.select().count() == 0
    assert words not in text(send(client, None))


def test_documents_are_imported_after_their_companies(member: FlaskClient) -> None:
    page = send(member, DOCUMENT % (b"2026-11-20", b"100.00"), "documents")
    assert "There is no company with the ESP+ ID “C1”." in text(page)
    member.post(f"{send(member, GOOD).location}/commit", data={"mode": "all"})
    address = send(member, DOCUMENT % (b"2026-11-20", b"100.00"), "documents").location
    page = member.get(address)
    assert soup(page).select_one("main form button").get_text() == "Import 1 document"
    member.post(f"{address}/commit", data={"mode": "all"})
    assert Document.get().number == "20118"


def test_bad_amount_and_date_say_what_to_write(member: FlaskClient) -> None:
    send_companies = send(member, GOOD)
    member.post(f"{send_companies.location}/commit", data={"mode": "all"})
    page = send(member, DOCUMENT % (b"05/11/2026", b"1.2.3"), "documents")
    words = text(page)
    assert "“05/11/2026” can mean two days. Write it like 2026-11-24." in words
    assert "“1.2.3” is not a number. Write it like 1234.50." in words


def test_preview_shows_a_bounded_part_of_a_bad_file(member: FlaskClient) -> None:
    rows = b"".join(b"C%d,,Friend\n" % number for number in range(20_000))
    page = send(member, b"ESP+ ID,Name,Member types\n" + rows)
    assert "20,000 companies cannot be imported" in text(page)
    assert "and 39,990 more problems" in text(page)
    assert len(page.data) < 60_000


@pytest.mark.parametrize("who", ["outsider", "support"])
def test_file_of_another_workspace_is_not_found(
    client: FlaskClient, world: SimpleNamespace, who: str
) -> None:
    send(client.sign_in(world.member), GOOD)
    file = ImportFile.get()
    client.sign_in(getattr(world, who))
    assert client.get(f"/imports/{file.id}").status_code == 404
    assert client.post(f"/imports/{file.id}/commit", data={"mode": "all"}).status_code == 404
    assert Company.select().count() == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "Choisissez un fichier."),
        (b"PK\x03\x04\x14", "classeur"),
        (b"ESP+ ID,Name\nC1,A\n", "Types de membre"),
        ("ESP+ ID,Nom\nC1,Québec\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_refusals_are_in_french_for_french_readers(
    member: FlaskClient, world: SimpleNamespace, data: bytes | None, sentence: str
) -> None:
    in_french(world.member)
    assert sentence in field_error(send(member, data), "file")


def test_french_file_is_imported_and_its_problems_are_told_in_french(
    member: FlaskClient, world: SimpleNamespace
) -> None:
    in_french(world.member)
    data = "ID ESP+;Nom;Types de membre\nC1;Érable & Fils;Client\nC2;Broderie;Ami\n".encode()
    page = send(member, data)
    assert "Rangée 3, colonne Types de membre" in text(page)
    assert "1 entreprise ne peut pas être importée" in text(page)
    member.post(soup(page).select_one("main form")["action"], data={"mode": "skip_bad"})
    assert Company.get().is_customer
