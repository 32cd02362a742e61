"""The upload form, and the sentences for everything that can be wrong with a file, a row or a value."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from webapp.i18n import language
from webapp.i18n import number as shown
from webapp.imports.columns import Column
from webapp.imports.problems import ImportProblem, RowError
from webapp.models import ImportKind


class UploadForm(FlaskForm):
    """One file."""

    file = FileField(_l("CSV file"))


def file_sentence(problem: ImportProblem, columns: tuple[Column, ...]) -> str:
    """What is wrong with a file as a whole, and what to do."""
    facts = problem.detail
    limit = shown(facts.get("limit"))  # type: ignore[arg-type]
    sentences = {
        "missing": _("Choose a file."),
        "too_large": _(
            "This file is larger than %(limit)s MB. Split it into smaller files and try again.", limit=limit
        ),
        "empty": _("This file is empty. Choose a file with a header row and data."),
        "spreadsheet": _(
            "This is a spreadsheet file, not CSV. In Excel or another program save it as “CSV UTF-8” and "
            "choose "
            "that file."
        ),
        "not_csv": _(
            "This is not a CSV file. Save your table as “CSV UTF-8”, in a spreadsheet program or in the "
            "program "
            "that made it."
        ),
        "encoding": _(
            "Line %(line)s has characters that are not UTF-8. Save the file as “CSV UTF-8” and try again.",
            line=facts.get("line"),
        ),
        "quotes": _(
            "A quotation mark in the row that begins in line %(line)s is not closed or stands inside a cell. "
            "Close it, or write it twice when it belongs to the text.",
            line=facts.get("line"),
        ),
        "too_many_columns": _(
            "This file has more than %(limit)s columns. Start from the template.", limit=limit
        ),
        "too_many_rows": _(
            "This file has more than %(limit)s rows. Split it into smaller files and try again.", limit=limit
        ),
        "no_rows": _("This file has a header but no rows. Add data below the header."),
        "duplicate_column": _(
            "The column “%(heading)s” occurs twice. Remove or rename one of them.",
            heading=facts.get("heading"),
        ),
        "missing_columns": _(
            "These columns are missing: %(columns)s. Add them, or start from the template.",
            columns=", ".join(headings(columns, facts.get("columns", ()))),  # type: ignore[arg-type]
        ),
    }
    return sentences[problem.code]


def headings(columns: tuple[Column, ...], keys: tuple[str, ...]) -> list[str]:
    """The headings of columns in the reader's language."""
    return [column.header(language()) for column in columns if column.key in keys]


def row_sentence(error: RowError) -> str:
    """What is wrong with a value or row, and what to write instead."""
    facts = error.facts
    value = error.value if len(error.value) <= 60 else f"{error.value[:59]}…"
    sentences = {
        "required": _("Fill in this cell; it is needed."),
        "too_long": _(
            "Shorten this text to %(limit)s characters; it has %(length)s.",
            limit=facts.get("limit"),
            length=facts.get("length"),
        ),
        "control_character": _(
            "Remove the invisible character %(character)s from this text.", character=facts.get("character")
        ),
        "email": _(
            "“%(value)s” is not an e-mail address. Write one address like name@example.com.", value=value
        ),
        "country": _("“%(value)s” is not a country. Write a code like US or CA, or its name.", value=value),
        "region": _(
            "“%(value)s” is not a state or province of this country. Write its code, such as NY or QC.",
            value=value,
        ),
        "currency": _("“%(value)s” is not a currency. Write a code like USD or CAD.", value=value),
        "member_type": _(
            "“%(value)s” has an unknown member type. Write Customer, Supplier, Decorator or Prospect, "
            "several parted "
            "by semicolons.",
            value=value,
        ),
        "document_kind": _(
            "“%(value)s” is not a type of document. Write Invoice, Bill or Purchase order.", value=value
        ),
        "line_kind": _(
            "“%(value)s” is not a line kind. Write Product, Decoration, Set-up charge, Freight, Discount, "
            "Service or "
            "Other.",
            value=value,
        ),
        "yes_or_no": _("“%(value)s” is neither yes nor no. Write Yes or No.", value=value),
        "number": _("“%(value)s” is not a number. Write it like 1234.50.", value=value),
        "ambiguous_number": _(
            "“%(value)s” can mean two numbers. Write it without separators, with a point before the "
            "decimals.",
            value=value,
        ),
        "too_many_decimals": _(
            "“%(value)s” has too many decimals. At most %(places)s fit here.",
            value=value,
            places=facts.get("places"),
        ),
        "number_too_large": _("“%(value)s” is too large. The limit is 99,999,999,999.", value=value),
        "negative": _(
            "“%(value)s” is negative. Only lines of the kind Discount may reduce a document.", value=value
        ),
        "date": _("“%(value)s” is not a date. Write it like 2026-11-24.", value=value),
        "ambiguous_date": _("“%(value)s” can mean two days. Write it like 2026-11-24.", value=value),
        "regions": _(
            "“%(value)s” is not a list of states or provinces. Write codes such as CT, NY or QC, with commas "
            "between.",
            value=value,
        ),
        "exemption_number": _("Write the certificate’s number too, or leave its states and expiry empty."),
        "duplicate_id": _(
            "The same ESP+ ID is in row %(row)s. Keep one of the two rows.", row=facts.get("row")
        ),
        "differs_from_row": _(
            "“%(value)s” differs from row %(row)s of the same document. Write the same in all its rows.",
            value=value,
            row=facts.get("row"),
        ),
        "line_unreadable": _(
            "Row %(row)s of this ESP+ ID has no readable type, so this document may lack a line. Correct "
            "that row.",
            row=facts.get("row"),
        ),
        "unknown_company": _(
            "There is no company with the ESP+ ID “%(value)s”. Import the company first, or correct the ID.",
            value=value,
        ),
        "too_many_cells": _(
            "This row has more cells than the header. Put texts that contain the separator in quotation "
            "marks."
        ),
    }
    return sentences[error.code]


def column_help(column: Column) -> str:
    """What a column's cells may hold."""
    if column.limit:
        text = _("Text, at most %(limit)s characters", limit=shown(column.limit))
        return _("One e-mail address") if column.holds == "email" else text
    return {
        "region": _("State or province: code (NY, QC) or name"),
        "country": _("Country: code (US, CA) or name"),
        "currency": _("Currency code: USD, CAD"),
        "member_types": _("Customer, Supplier, Decorator, Prospect; several parted by ; | or /"),
        "document_kind": _("Invoice, Bill or Purchase order"),
        "line_kind": _(
            "Product, Decoration, Set-up charge, Freight, Discount, Service or Other; empty means Product"
        ),
        "date": _("Date: 2026-11-24, or 24/11/2026 where only one reading is possible"),
        "regions": _("States and provinces by code, with commas between; empty means all of them"),
        "last_day": _("The last day on which the certificate holds: 2027-06-30; empty means without an end"),
        "amount": _("Amount: 1234.50, 1,234.50 or 1 234,50"),
        "quantity": _("Quantity, at most 5 decimals; empty means 1"),
        "unit_price": _(
            "Price for one piece, at most 7 decimals; empty means that it follows from the amount"
        ),
        "yes_or_no": _("Yes or No; empty means Yes"),
    }[column.holds]


def title(kind: ImportKind) -> str:
    """The heading of an import."""
    return _("Import companies") if kind is ImportKind.COMPANIES else _("Import documents")
