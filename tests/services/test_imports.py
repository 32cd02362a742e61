from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from webapp import db
from webapp.clock import now
from webapp.errors import Conflict, NotFound
from webapp.imports import service
from webapp.imports.problems import ImportProblem
from webapp.models import (
    Activity,
    Company,
    Document,
    DocumentLine,
    DocumentState,
    DocumentStatus,
    ImportFile,
    ImportKind,
    TaxExemption,
    User,
    record,
)

COMPANIES, DOCUMENTS = ImportKind.COMPANIES, ImportKind.DOCUMENTS
COMPANY_HEADER = "ESP+ ID,Name,Member types,E-mail,Billing address city"
ALDER = "C1,Alder Events,Customer,hi@alder.example,Hartford"
MILL = "C2,Mill & Co.,Supplier;Decorator,,Norwich"
DOCUMENT_HEADER = "ESP+ ID,Type,Number,Company ESP+ ID,Customer ESP+ ID,Date,Currency,Tax,Total,In-hands date"
LINE_HEADER = "Line kind,Product number,Quantity,Unit price,Amount"


def upload(user: User, kind: ImportKind, *rows: str) -> ImportFile:
    return service.store(user, kind, "rows.csv", "\n".join(rows).encode())


def run(user: User, kind: ImportKind, *rows: str, skip_bad: bool = False) -> ImportFile:
    return service.commit(user, upload(user, kind, *rows).id, skip_bad=skip_bad)


def invoice(esp_id: str = "D1", number: str = "20118", total: str = "110.00", in_hands: str = "") -> str:
    return f"{esp_id},Invoice,{number},C1,,2026-11-20,USD,10.00,{total},{in_hands}"


def import_invoice(user: User, *lines: str, **values: str) -> ImportFile:
    lines = lines or ("Product,MUG,4,25,100.00",)
    rows = [f"{invoice(**values)},{line}" for line in lines]
    return run(user, DOCUMENTS, f"{DOCUMENT_HEADER},{LINE_HEADER}", *rows)


@pytest.fixture
def owner(world: SimpleNamespace) -> User:
    return world.owner


@pytest.fixture
def with_companies(owner: User) -> User:
    run(owner, COMPANIES, COMPANY_HEADER, ALDER, MILL)
    return owner


def errors(file: ImportFile) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in service.preview(file).errors]


def counts(file: ImportFile) -> tuple[int, int, int, int]:
    preview = service.preview(file)
    return preview.new, preview.updated, preview.unchanged, preview.bad


# companies


def test_preview_counts_and_changes_nothing(owner: User) -> None:
    file = upload(owner, COMPANIES, COMPANY_HEADER, ALDER, "C2,,Friend,nobody,")
    assert counts(file) == (1, 0, 0, 1)
    assert errors(file) == [(3, "name", "required"), (3, "types", "member_type"), (3, "email", "email")]
    assert Company.select().count() == Activity.select().count() == 0


def test_commit_makes_companies_searchable_and_writes_one_activity(owner: User) -> None:
    run(owner, COMPANIES, COMPANY_HEADER, "C1,Érable & Fils,Client,a@b.example,Montréal", MILL)
    company = Company.get(Company.esp_id == "C1")
    assert (company.sort_name, company.folded) == ("erable & fils", "erable & fils a@b.example montreal")
    assert (company.is_customer, company.is_supplier) == (True, False)
    mill = Company.get(Company.esp_id == "C2")
    assert (mill.is_customer, mill.is_supplier, mill.is_decorator) == (False, True, True)
    activity = Activity.get()
    assert activity.verb == "companies.imported"
    assert activity.facts == {"filename": "rows.csv", "created": 2, "updated": 0, "skipped": 0}


def test_all_or_nothing_keeps_the_file_for_another_choice(owner: User) -> None:
    file = upload(owner, COMPANIES, COMPANY_HEADER, ALDER, "C2,,Customer,,")
    with pytest.raises(ImportProblem) as caught:
        service.commit(owner, file.id, skip_bad=False)
    assert caught.value.code == "bad_rows"
    assert Company.select().count() == 0

    done = service.commit(owner, file.id, skip_bad=True)
    assert (done.created, done.skipped, done.content) == (1, 1, None)
    assert Company.get().esp_id == "C1"


def test_file_without_a_good_row_imports_nothing(owner: User) -> None:
    file = upload(owner, COMPANIES, COMPANY_HEADER, "C2,,Customer,,")
    with pytest.raises(ImportProblem) as caught:
        service.commit(owner, file.id, skip_bad=True)
    assert caught.value.code == "nothing_good"


def test_file_is_imported_once_only(owner: User) -> None:
    file = upload(owner, COMPANIES, COMPANY_HEADER, ALDER)
    service.commit(owner, file.id, skip_bad=False)
    with pytest.raises(Conflict):
        service.commit(owner, file.id, skip_bad=False)
    assert Activity.select().count() == 1


def test_same_id_twice_is_an_error_of_the_second_row(owner: User) -> None:
    file = upload(owner, COMPANIES, COMPANY_HEADER, ALDER, "C1,Other,Customer,,")
    assert errors(file) == [(3, "esp_id", "duplicate_id")]
    assert counts(file) == (1, 0, 0, 1)


def test_importing_again_updates_by_id_and_leaves_absent_columns_alone(with_companies: User) -> None:
    before = Company.get(Company.esp_id == "C2").updated_at
    file = upload(
        with_companies,
        COMPANIES,
        "ESP+ ID,Name,Member types,Phone",
        "C1,Alder Events Ltd.,Customer,860 555",
        "C2,Mill & Co.,Supplier;Decorator,",
    )
    assert counts(file) == (0, 1, 1, 0)
    service.commit(with_companies, file.id, skip_bad=False)
    alder = Company.get(Company.esp_id == "C1")
    assert (alder.name, alder.phone, alder.email) == ("Alder Events Ltd.", "860 555", "hi@alder.example")
    assert alder.folded == "alder events ltd. hi@alder.example 860 555 hartford"
    assert Company.get(Company.esp_id == "C2").updated_at == before


def test_importing_the_same_file_again_writes_no_activity(with_companies: User) -> None:
    done = run(with_companies, COMPANIES, COMPANY_HEADER, ALDER, MILL)
    assert (done.created, done.updated) == (0, 0)
    assert Activity.select().count() == 1


def test_changed_company_has_its_unsent_documents_checked_and_found_by_its_new_name(
    with_companies: User,
) -> None:
    import_invoice(with_companies)
    import_invoice(with_companies, esp_id="D2")
    DocumentStatus.update(needs_check=False, state=DocumentState.READY).execute()
    sent = Document.get(Document.esp_id == "D2")
    DocumentStatus.update(state=DocumentState.SENT).where(DocumentStatus.document == sent).execute()

    run(with_companies, COMPANIES, COMPANY_HEADER, ALDER.replace("Alder", "Finch"), MILL)

    assert {status.document.esp_id: status.needs_check for status in DocumentStatus.select()} == {
        "D1": True,
        "D2": False,
    }
    assert "finch events" in Document.get(Document.esp_id == "D1").folded


def test_companies_of_another_workspace_are_neither_compared_nor_changed(
    with_companies: User, world: SimpleNamespace
) -> None:
    file = upload(world.outsider, COMPANIES, COMPANY_HEADER, ALDER)
    assert counts(file) == (1, 0, 0, 0)
    service.commit(world.outsider, file.id, skip_bad=False)
    assert Company.select().where(Company.esp_id == "C1").count() == 2
    with pytest.raises(NotFound):
        service.commit(with_companies, file.id, skip_bad=False)


def test_many_rows_are_imported_in_chunks(owner: User) -> None:
    rows = [f"C{number},Company {number},Customer,,Town" for number in range(1000)]
    run(owner, COMPANIES, COMPANY_HEADER, *rows)
    again = [row.replace("Town", "City") for row in rows[:450]] + rows[450:]
    done = run(owner, COMPANIES, COMPANY_HEADER, *again)
    assert (Company.select().count(), done.updated) == (1000, 450)


def test_files_that_were_never_imported_go_after_a_week(owner: User) -> None:
    upload(owner, COMPANIES, COMPANY_HEADER, ALDER)
    ImportFile.update(created_at=now() - timedelta(days=8)).execute()
    upload(owner, COMPANIES, COMPANY_HEADER, ALDER)
    assert [now() - file.created_at < timedelta(days=1) for file in ImportFile.select()] == [True]


# a company's tax exemption

EXEMPTION_HEADER = f"{COMPANY_HEADER},Tax exemption number,Tax exemption states,Tax exemption expiry"


def certificates() -> list[tuple[str, str, str, date | None, int]]:
    rows = (
        TaxExemption.select(TaxExemption, Company).join(Company).order_by(Company.esp_id, TaxExemption.number)
    )
    return [(row.company.esp_id, row.number, row.regions, row.expires_on, row.version) for row in rows]


def test_certificate_comes_with_its_company_and_is_updated_by_its_number(owner: User) -> None:
    rows = [f"{ALDER},CT-88,ny; Connecticut,2027-06-30", f"{MILL},,,"]
    assert counts(upload(owner, COMPANIES, EXEMPTION_HEADER, *rows)) == (2, 0, 0, 0)
    run(owner, COMPANIES, EXEMPTION_HEADER, *rows)
    assert certificates() == [("C1", "CT-88", "CT NY", date(2027, 6, 30), 1)]
    file = upload(owner, COMPANIES, EXEMPTION_HEADER, *rows)
    assert counts(file) == (0, 0, 2, 0)
    service.commit(owner, file.id, skip_bad=False)
    assert certificates() == [("C1", "CT-88", "CT NY", date(2027, 6, 30), 1)]

    changed = run(owner, COMPANIES, EXEMPTION_HEADER, f"{ALDER},CT-88,,", f"{MILL},CT-88,,")
    assert (changed.created, changed.updated) == (0, 2)
    assert certificates() == [("C1", "CT-88", "", None, 2), ("C2", "CT-88", "", None, 1)]
    run(owner, COMPANIES, EXEMPTION_HEADER, f"{ALDER},CT-89,CT,")
    assert [row[1] for row in certificates() if row[0] == "C1"] == ["CT-88", "CT-89"]


def test_what_the_file_does_not_say_of_a_certificate_stays(owner: User) -> None:
    run(owner, COMPANIES, EXEMPTION_HEADER, f"{ALDER},CT-88,CT,2027-06-30")
    header = f"{COMPANY_HEADER},Numéro d’exemption de taxe,Échéance de l’exemption"
    run(owner, COMPANIES, header, f"{ALDER},CT-88,2028-06-30")
    assert certificates() == [("C1", "CT-88", "CT", date(2028, 6, 30), 2)]
    run(owner, COMPANIES, COMPANY_HEADER, ALDER)
    run(owner, COMPANIES, EXEMPTION_HEADER, f"{ALDER},,,")
    assert certificates() == [("C1", "CT-88", "CT", date(2028, 6, 30), 2)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("CT-88,CT ZZ,", [(2, "exemption_regions", "regions")]),
        ("CT-88,,05/11/2027", [(2, "exemption_expires_on", "ambiguous_date")]),
        (f"{'9' * 61},,", [(2, "exemption_number", "too_long")]),
        (",CT,", [(2, "exemption_number", "exemption_number")]),
        (",,2027-06-30", [(2, "exemption_number", "exemption_number")]),
    ],
)
def test_bad_certificate_is_an_error_of_its_row(
    owner: User, cells: str, expected: list[tuple[int, str, str]]
) -> None:
    assert errors(upload(owner, COMPANIES, EXEMPTION_HEADER, f"{ALDER},{cells}")) == expected


def test_changed_certificate_has_its_customers_documents_checked(with_companies: User) -> None:
    import_invoice(with_companies)
    DocumentStatus.update(needs_check=False).execute()
    run(with_companies, COMPANIES, EXEMPTION_HEADER, f"{ALDER},CT-88,,")
    assert DocumentStatus.get().needs_check


def test_certificate_of_another_workspace_with_the_same_ids_is_its_own(
    with_companies: User, world: SimpleNamespace
) -> None:
    run(with_companies, COMPANIES, EXEMPTION_HEADER, f"{ALDER},CT-88,CT,")
    run(world.outsider, COMPANIES, EXEMPTION_HEADER, f"{ALDER},CT-88,NY,")
    assert [row[2] for row in certificates()] == ["CT", "NY"]


# documents


def test_rows_of_one_document_become_its_lines(with_companies: User) -> None:
    import_invoice(with_companies, "Product,MUG,120,6.2958333,755.50", "Remise,,,,25.50", "Freight,,,,20")
    document = Document.get()
    assert (document.number, document.company.esp_id, document.customer) == ("20118", "C1", None)
    assert (document.subtotal, document.tax, document.total) == (750, 10, 110)
    assert document.folded == "20118 alder events"
    lines = [
        (line.position, line.kind.value, line.quantity, line.unit_price, line.amount)
        for line in DocumentLine.select().order_by(DocumentLine.position)
    ]
    assert lines == [
        (1, "product", 120, Decimal("6.2958333"), Decimal("755.50")),
        (2, "discount", 1, Decimal("-25.50"), Decimal("-25.50")),
        (3, "freight", 1, 20, 20),
    ]
    status = DocumentStatus.get()
    assert (status.document_id, status.state, status.needs_check) == (document.id, "blocked", True)


def test_missing_price_follows_from_the_amount(with_companies: User) -> None:
    import_invoice(with_companies, "Product,MUG,3,,10")
    assert DocumentLine.get().unit_price == Decimal("3.3333333")


def test_total_that_does_not_add_up_is_accepted(with_companies: User) -> None:
    import_invoice(with_companies, total="110.01")
    document = Document.get()
    assert document.subtotal + document.tax != document.total


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([invoice() + ",Product,MUG,4,25,abc"], [(2, "amount", "number")]),
        ([invoice() + ",Product,MUG,4,25,-100"], [(2, "amount", "negative")]),
        ([invoice() + ",Product,MUG,4,-25,100"], [(2, "unit_price", "negative")]),
        ([invoice(total="-1") + ",Product,MUG,4,25,100"], [(2, "total", "negative")]),
        ([invoice().replace("C1", "C9") + ",,,,,1"], [(2, "company", "unknown_company")]),
        ([invoice().replace("C1,,", "C1,C8,") + ",,,,,1"], [(2, "customer", "unknown_company")]),
        (
            [invoice() + ",,,,,1", invoice(number="20119") + ",,,,,2"],
            [(3, "number", "differs_from_row")],
        ),
        (
            [invoice() + ",,,,,1", invoice().replace("Invoice", "Facture") + ",,,,,2"],
            [(2, "kind", "line_unreadable"), (3, "kind", "document_kind")],
        ),
        ([invoice() + ",,,,,1,surplus"], [(2, "", "too_many_cells")]),
        (["," + invoice().partition(",")[2] + ",,,,,1"], [(2, "esp_id", "required")]),
    ],
)
def test_bad_document_says_where_and_why(
    with_companies: User, rows: list[str], expected: list[tuple[int, str, str]]
) -> None:
    file = upload(with_companies, DOCUMENTS, f"{DOCUMENT_HEADER},{LINE_HEADER}", *rows)
    assert errors(file) == expected


def test_one_bad_row_leaves_its_whole_document_out(with_companies: User) -> None:
    header = f"{DOCUMENT_HEADER},{LINE_HEADER}"
    rows = [invoice() + ",,,,,50", invoice() + ",,,,,x", invoice("D2") + ",,,,,100"]
    done = run(with_companies, DOCUMENTS, header, *rows, skip_bad=True)
    assert (done.created, done.skipped) == (1, 1)
    assert Document.get().esp_id == "D2"


def test_company_of_another_workspace_is_unknown(world: SimpleNamespace, with_companies: User) -> None:
    factories.company(world.other, esp_id="C7")
    rows = invoice().replace("C1", "C7") + ",,,,,1"
    file = upload(with_companies, DOCUMENTS, f"{DOCUMENT_HEADER},{LINE_HEADER}", rows)
    assert errors(file) == [(2, "company", "unknown_company")]


def state_after(before: DocumentState, user: User, **values: Any) -> tuple[int, str, bool]:
    import_invoice(user)
    DocumentStatus.update(state=before, needs_check=False).execute()
    lines = values.pop("lines", ())
    import_invoice(user, *lines, **values)
    status = DocumentStatus.get()
    return Document.get().revision, status.state.value, status.needs_check


@pytest.mark.parametrize(
    ("before", "after", "needs_check"),
    [
        (DocumentState.READY, "ready", True),
        (DocumentState.BLOCKED, "blocked", True),
        (DocumentState.FAILED, "failed", False),
        (DocumentState.QUEUED, "queued", False),
        (DocumentState.SENDING, "sending", False),
        (DocumentState.SENT, "changed", False),
        (DocumentState.CHANGED, "changed", False),
        (DocumentState.VOIDED, "voided", False),
    ],
)
def test_change_of_what_is_sent_makes_a_new_revision(
    with_companies: User, before: DocumentState, after: str, needs_check: bool
) -> None:
    assert state_after(before, with_companies, number="20119") == (2, after, needs_check)


def test_change_of_a_line_makes_a_new_revision(with_companies: User) -> None:
    lines = ("Product,MUG,4,25,100.00", "Freight,,,,5")
    assert state_after(DocumentState.SENT, with_companies, lines=lines) == (2, "changed", False)
    assert [line.amount for line in DocumentLine.select().order_by(DocumentLine.position)] == [100, 5]


def test_change_of_the_in_hands_date_makes_a_new_revision(with_companies: User) -> None:
    assert state_after(DocumentState.SENT, with_companies, in_hands="2026-12-01") == (2, "changed", False)
    assert str(Document.get().in_hands_date) == "2026-12-01"


@pytest.mark.parametrize(
    ("heading", "cell", "kept"),
    [
        ("Sales rep", "Dana Reyes", ("Dana Reyes", "")),
        ("Représentant", "Dana Reyes", ("Dana Reyes", "")),
        ("Category", "Drinkware", ("", "Drinkware")),
        ("Catégorie", "Drinkware", ("", "Drinkware")),
    ],
)
def test_sales_rep_and_category_are_kept_and_make_a_new_revision(
    with_companies: User, heading: str, cell: str, kept: tuple[str, str]
) -> None:
    import_invoice(with_companies)
    header, row = f"{DOCUMENT_HEADER},{LINE_HEADER}", f"{invoice()},Product,MUG,4,25,100.00"
    run(with_companies, DOCUMENTS, f"{header},{heading}", f"{row},{cell}")
    document = Document.get()
    assert (document.sales_rep, document.lines[0].category) == kept
    assert document.revision == 2


def test_importing_the_same_document_again_changes_nothing(with_companies: User) -> None:
    assert state_after(DocumentState.SENT, with_companies) == (1, "sent", False)


def test_one_id_may_name_an_invoice_and_a_bill(with_companies: User) -> None:
    import_invoice(with_companies)
    header = f"{DOCUMENT_HEADER},{LINE_HEADER}"
    bill = invoice().replace("Invoice", "Bill").replace("C1,,", "C2,C1,")
    run(with_companies, DOCUMENTS, header, bill + ",,,,,100")
    document = Document.get(Document.kind == "bill")
    assert (document.company.esp_id, document.customer.esp_id) == ("C2", "C1")
    assert Document.select().count() == 2


def test_change_found_by_its_new_number(with_companies: User) -> None:
    import_invoice(with_companies)
    import_invoice(with_companies, number="99001")
    assert Document.get().folded == "99001 alder events"


def test_many_documents_are_imported_in_chunks(with_companies: User) -> None:
    rows = [f"{invoice(f'D{number}')},Product,MUG,4,25,{line}" for number in range(450) for line in (60, 40)]
    done = run(with_companies, DOCUMENTS, f"{DOCUMENT_HEADER},{LINE_HEADER}", *rows)
    assert (done.created, DocumentLine.select().count(), DocumentStatus.select().count()) == (450, 900, 450)
    again = run(with_companies, DOCUMENTS, f"{DOCUMENT_HEADER},{LINE_HEADER}", *rows)
    assert (again.created, again.updated) == (0, 0)


def test_a_price_that_follows_from_the_amount_is_bounded_too(world: SimpleNamespace, owner: User) -> None:
    run(owner, COMPANIES, COMPANY_HEADER, ALDER)
    header = f"{DOCUMENT_HEADER},Line kind,Quantity,Amount"
    row = f"{invoice(total='99999999999')},Product,0.00001,99999999989"
    preview = service.preview(upload(owner, DOCUMENTS, header, row))
    assert [(error.column, error.code) for error in preview.errors] == [("unit_price", "number_too_large")]
    with pytest.raises(ImportProblem):
        run(owner, DOCUMENTS, header, row, skip_bad=True)


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_an_import_lets_others_write_what_refers_to_its_workspace(owner: User) -> None:
    written = []

    def write() -> None:
        with db.database.connection_context(), db.transaction():
            db.database.execute_sql("SET LOCAL lock_timeout = '5s'")
            record(owner.workspace_id, owner.id, "document.sent")
            written.append(True)

    with db.transaction():
        service._one_at_a_time(owner.workspace_id)
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(20)
    assert written
