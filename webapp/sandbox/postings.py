"""From a transaction to the rows that it writes in the general ledger."""

from collections.abc import Callable
from decimal import Decimal

from . import account_roles, deposits, exchange, lines, payments, stock
from .books import Body, Books
from .kinds import ENDS
from .posting import Posting, Row
from .references import SHIPPING_ITEM

_OWED = ("Accounts Receivable", "Accounts Payable")


def rows(books: Books, entity: str, body: Body) -> list[Row]:
    """The balanced rows of a transaction."""
    posting = Posting(books, entity, body)
    _POSTERS[posting.kind.form](posting)
    return posting.rows


def _post_form(posting: Posting) -> None:
    """A sales or purchase form: its total on one account, its lines and its tax on others."""
    books, body, kind = posting.books, posting.body, posting.kind
    sign = -kind.sign if body.get("Credit") else kind.sign
    reference = body.get(kind.account)
    account = reference["value"] if reference else account_roles.for_role(books, kind.role)
    total = Decimal(body["TotalAmt"])
    if kind.open:
        deposit = Decimal(body.get("Deposit", 0))
        posting.owe(account, sign * (total - deposit))
        to = body.get("DepositToAccountRef")
        if deposit:
            posting.add(to["value"] if to else account_roles.for_role(books, "undeposited"), sign * deposit)
    else:
        posting.add(account, sign * total)
    for line in lines.posted(body["Line"]):
        _post_line(posting, line, -sign)
    for agency, amount in _taxes(books, body):
        posting.add(agency, -sign * amount)
    posting.balance()


def _post_line(posting: Posting, line: Body, sign: int) -> None:
    kind, detail, amount = line["DetailType"], lines.detail_of(line), line["Amount"]
    if kind == lines.DISCOUNT:
        reference = detail.get("DiscountAccountRef")
        account = reference["value"] if reference else account_roles.for_role(posting.books, "discounts")
        posting.add(account, -sign * amount, line)
    elif kind == lines.ACCOUNT_COST:
        posting.add(detail["AccountRef"]["value"], sign * amount, line)
    else:
        sold = kind == lines.SALES
        account, item = _item(posting.books, detail, sold)
        posting.add(account, sign * amount, line)
        if sold and item and detail.get("Qty"):
            _post_cost(posting, line, item, -sign * stock.cost(item, detail["Qty"]))


def _post_cost(posting: Posting, line: Body, item: Body, cost: Decimal) -> None:
    """What goods that are sold from stock had cost, in the company's own money."""
    amount = cost / posting.rate
    given = item.get("ExpenseAccountRef")
    posting.add(given["value"] if given else account_roles.for_role(posting.books, "costs"), amount, line)
    posting.add(item["AssetAccountRef"]["value"], -amount, line)


def _item(books: Books, detail: Body, sold: bool) -> tuple[str, Body | None]:
    """The account of an item when it is sold, or when it is bought; and the item if it is kept in stock."""
    reference = detail.get("ItemRef")
    item = reference["value"] if reference else ""
    given = detail.get("ItemAccountRef") or detail.get("AccountRef")
    if given:
        return given["value"], stock.stocked(books, item)
    found: tuple[str, Body | None] | None = books.lists.kept().get((item, sold))
    if found is None:
        found = (_item_account(books, item, sold), stock.stocked(books, item))
        # Only now: an account that had to be opened has changed the lists.
        books.lists.kept()[item, sold] = found
    return found


def _item_account(books: Books, item: str, sold: bool) -> str:
    if item == SHIPPING_ITEM:
        return account_roles.for_role(books, "shipping")
    found = books.peek("Item", item) or {}
    names = ("IncomeAccountRef",) if sold else ("AssetAccountRef", "ExpenseAccountRef")
    reference = next((found[name] for name in names if found.get(name)), None)
    return (
        str(reference["value"]) if reference else account_roles.for_role(books, "sales" if sold else "costs")
    )


def _taxes(books: Books, body: Body) -> list[tuple[str, Decimal]]:
    """The tax of a form by the account that owes it."""
    detail = body.get("TxnTaxDetail", {})
    total, found = Decimal(detail.get("TotalTax", 0)), []
    for line in detail.get("TaxLine", ()):
        reference = line.get("TaxLineDetail", {}).get("TaxRateRef")
        rate = books.peek("TaxRate", reference["value"]) if reference else None
        agency = (rate or {}).get("AgencyRef", {}).get("value", "")
        found.append((account_roles.for_agency(books, agency), Decimal(line.get("Amount", 0))))
    rest = total - sum((amount for _, amount in found), Decimal(0))
    return [*found, (account_roles.for_agency(books, ""), rest)] if rest else found


def _post_payment(posting: Posting) -> None:
    """A payment: money on one side, what it pays on the other, each at the rate of its own transaction."""
    books, body, kind, name = posting.books, posting.body, posting.kind, posting.entity
    total = Decimal(body["TotalAmt"])
    posting.add(payments.account_of(name, body), kind.sign * total)
    reference = body.get("ARAccountRef" if name == "Payment" else "APAccountRef")
    role = "receivable" if name == "Payment" else "payable"
    account = reference["value"] if reference else account_roles.for_role(books, role)
    for target, amount in payments.applied(name, body):
        total -= amount
        found = books.find(*target) or {}
        owner = (found.get(kind.reference) or body[kind.reference])["value"]
        posting.owe(account, -kind.sign * amount, exchange.rate(found), target, (kind.party, owner))
    posting.owe(account, -kind.sign * total)
    posting.balance("exchange")


def _post_deposit(posting: Posting) -> None:
    books, body = posting.books, posting.body
    posting.add(body["DepositToAccountRef"]["value"], Decimal(body["TotalAmt"]))
    back = body.get("CashBack") or {}
    if back:
        posting.add(back["AccountRef"]["value"], Decimal(back["Amount"]))
    for line in body["Line"]:
        source, detail = deposits.source_of(line), line.get(lines.DEPOSIT, {})
        if source:
            rate = exchange.rate(books.find(*source) or {})
            posting.add(account_roles.for_role(books, "undeposited"), -line["Amount"], line, rate=rate)
        else:
            entity = detail.get("Entity") or {}
            _post_named(posting, detail["AccountRef"]["value"], -line["Amount"], line, entity)
    posting.balance("exchange")


def _post_entry(posting: Posting) -> None:
    for line in posting.body["Line"]:
        if line["DetailType"] == lines.JOURNAL:
            detail = line[lines.JOURNAL]
            amount = line["Amount"] if detail["PostingType"] == "Debit" else -line["Amount"]
            entity = detail.get("Entity") or {}
            named = {**(entity.get("EntityRef") or {}), "type": entity.get("Type", "")}
            _post_named(posting, detail["AccountRef"]["value"], amount, line, named)
    posting.balance()


def _post_named(posting: Posting, account: str, amount: Decimal, line: Body, entity: Body) -> None:
    """A line that may name whom it is with; on accounts that are owed by somebody it moves his balance."""
    party = (str(entity.get("type", "")), str(entity["value"])) if entity.get("value") else ("", "")
    if posting.books.look("Account", account)["AccountType"] in _OWED and party[1]:
        posting.owe(account, amount, party=party)
    else:
        posting.add(account, amount, line, party)


def _post_transfer(posting: Posting) -> None:
    source, target = ENDS[posting.entity]
    amount = Decimal(posting.body["Amount"])
    posting.add(posting.body[target]["value"], amount)
    posting.add(posting.body[source]["value"], -amount)


_POSTERS: dict[str, Callable[[Posting], None]] = {
    "sales": _post_form,
    "purchase": _post_form,
    "payment": _post_payment,
    "deposit": _post_deposit,
    "journal": _post_entry,
    "transfer": _post_transfer,
}
