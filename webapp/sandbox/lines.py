"""Transaction lines: which kinds a transaction takes, their amounts, ids and order."""

from decimal import Decimal
from typing import cast

from . import faults
from .books import Body
from .entities import Entity
from .tax import cents

SUBTOTAL = "SubTotalLineDetail"
DISCOUNT = "DiscountLineDetail"
SALES = "SalesItemLineDetail"
ITEM_COST = "ItemBasedExpenseLineDetail"
ACCOUNT_COST = "AccountBasedExpenseLineDetail"
GROUP = "GroupLineDetail"
DESCRIPTION = "DescriptionOnly"
COSTS = (ITEM_COST, ACCOUNT_COST)
DEPOSIT = "DepositLineDetail"
JOURNAL = "JournalEntryLineDetail"
MOST_WHOLE_DIGITS = 10


def settle(spec: Entity, sent: list[Body], old: list[Body]) -> list[Body]:
    """Check the lines of a request and return them numbered, without a sub-total.

    old: the stored lines, whose ids stay with the lines that name them; every other line is new.
    Raises Fault 2010, 2020, 2080, 6070 or 6310.
    """
    lines = without_subtotal(sent)
    if not lines:
        raise faults.required("Line")
    for line in lines:
        _check_line(spec, line)
    # The order in which they are answered is the order of their numbers.
    lines.sort(key=lambda line: line["DetailType"] == DISCOUNT)
    _number(lines, {line["Id"] for line in old if "Id" in line})
    return lines


def detail_of(line: Body) -> Body:
    """A line's detail object; raises Fault 2020 when it is missing."""
    kind = line["DetailType"]
    if kind == DESCRIPTION:
        return line.get("DescriptionLineDetail") or {}
    if line.get(kind) is None:
        raise faults.required(kind)
    return cast(Body, line[kind])


def without_subtotal(lines: list[Body]) -> list[Body]:
    """The lines that a request counts: what QuickBooks adds by itself is left out."""
    return [line for line in lines if line.get("DetailType") != SUBTOTAL]


def with_subtotal(lines: list[Body]) -> list[Body]:
    """The lines as QuickBooks answers them: a sub-total before discount, then the discount."""
    discounts = [line for line in lines if line["DetailType"] == DISCOUNT]
    others = [line for line in lines if line["DetailType"] != DISCOUNT]
    subtotal = {"Amount": total(others, (SALES, GROUP)), "DetailType": SUBTOTAL, SUBTOTAL: {}}
    return [*others, subtotal, *discounts]


def total(lines: list[Body], kinds: tuple[str, ...]) -> Decimal:
    """The sum of the amounts of the lines of these kinds."""
    return sum((line.get("Amount", Decimal(0)) for line in lines if line["DetailType"] in kinds), Decimal(0))


def taxable(lines: list[Body]) -> list[Body]:
    """The lines that carry a tax code, those inside groups among them."""
    found = []
    for line in lines:
        if line["DetailType"] == GROUP:
            found += [inner for inner in detail_of(line).get("Line", ()) if inner.get(SALES)]
        elif line["DetailType"] in (SALES, *COSTS):
            found.append(line)
    return found


def posted(lines: list[Body]) -> list[Body]:
    """The lines that move accounts, those inside groups instead of the groups."""
    found = []
    for line in lines:
        inner = detail_of(line).get("Line", ()) if line["DetailType"] == GROUP else (line,)
        found += [one for one in inner if one["DetailType"] in (SALES, DISCOUNT, *COSTS)]
    return found


def taxed_discounts(lines: list[Body]) -> list[Body]:
    """The discount lines with a tax code: outside the US they lessen what that code taxes."""
    return [line for line in lines if line["DetailType"] == DISCOUNT and line[DISCOUNT].get("TaxCodeRef")]


def _check_line(spec: Entity, line: Body) -> None:
    kind = line.get("DetailType")
    if kind is None:
        raise faults.required("DetailType")
    if kind not in spec.lines:
        raise faults.bad_property(f"DetailType {kind} of a {spec.name} line;")
    detail = detail_of(line)
    if kind == DESCRIPTION:
        line.pop("Amount", None)
    elif kind == GROUP:
        line["Amount"] = _group_amount(detail)
    elif kind == DISCOUNT and detail.get("PercentBased"):
        if detail.get("DiscountPercent") is None:
            raise faults.required("DiscountPercent")
    else:
        _check_amount(line, detail)
    if kind in COSTS:
        _check_cost(kind, detail)


def _group_amount(detail: Body) -> Decimal:
    if not detail.get("GroupItemRef"):
        raise faults.required("GroupItemRef")
    for line in detail.get("Line", ()):
        if line.get("DetailType") != SALES:
            raise faults.bad_property("DetailType of a line in a group;")
        _check_amount(line, detail_of(line))
    return sum((line["Amount"] for line in detail.get("Line", ())), Decimal(0))


def _check_amount(line: Body, detail: Body) -> None:
    """Amount must be quantity times price, unless both are zero or one is missing.

    With tax-inclusive amounts the product may be the gross one. A line for an item that names none is
    documentation: its amount does not count.
    """
    amount = line.get("Amount")
    if amount is None:
        raise faults.required("Amount")
    if amount.adjusted() >= MOST_WHOLE_DIGITS:
        raise faults.bad_number("Amount")
    if line["DetailType"] in (SALES, ITEM_COST) and "ItemRef" not in detail:
        line["Amount"] = Decimal(0)
        return
    if "Qty" in detail and "UnitPrice" in detail and (detail["Qty"] or detail["UnitPrice"]):
        product = cents(detail["Qty"] * detail["UnitPrice"])
        if product not in (cents(amount), detail.get("TaxInclusiveAmt")):
            raise faults.amount_mismatch(amount)
    line["Amount"] = cents(amount)


def _check_cost(kind: str, detail: Body) -> None:
    if kind == ACCOUNT_COST and not detail.get("AccountRef"):
        raise faults.required("AccountRef")
    status = detail.setdefault("BillableStatus", "NotBillable")
    if status == "Billable" and not detail.get("CustomerRef"):
        raise faults.billable_without_customer()


def _number(lines: list[Body], old_ids: set[str]) -> None:
    """Keep the ids that name a stored line, each once; give the others the next free ids."""
    last = max((int(line_id) for line_id in old_ids), default=0)
    free = set(old_ids)
    for number, line in enumerate(lines, 1):
        if line.get("Id") in free:
            free.remove(line["Id"])
        else:
            last += 1
            line["Id"] = str(last)
        line["LineNum"] = number
