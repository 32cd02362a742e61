"""The tax service: a new tax code with its rates, made in one call.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/taxservice
"""

from . import engine, entities, faults, reading, rules
from .books import Body, Books

NAME = "TaxService"
# Which list of a tax code a rate goes into.
_LISTS = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}
FIRST_DAY = "1970-01-01T00:00:00-08:00"


def create(books: Books, sent: Body) -> Body:
    """Make a tax code of new and existing rates, and answer its id with those of the rates.

    Raises Fault 2010, 2020, 2050 for the shape, 2500 for an agency or rate that is unknown, 6240 for a name
    that is taken.
    """
    clean = reading.clean_object(NAME, sent, NAME, [])
    for name in rules.required(NAME):
        if not clean.get(name):
            raise faults.required(name)
    name = clean["TaxCode"].strip()
    _refuse_taken(books, "TaxCode", name)
    details = [_settle_rate(books, detail) for detail in clean["TaxRateDetails"]]
    code: Body = {"Name": name, "Description": name, "Active": True, "Hidden": False, "Taxable": True,
                  "TaxGroup": True}  # fmt: skip
    for side, key in _LISTS.items():
        code[key] = {"TaxRateDetail": _entries(side, details)}
    stored = _add(books, "TaxCode", code)
    return {"TaxCode": name, "TaxCodeId": stored["Id"], "TaxRateDetails": details}


def _entries(side: str, details: list[Body]) -> list[Body]:
    return [
        {"TaxRateRef": {"value": detail["TaxRateId"]}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
        for detail in details
        if detail["TaxApplicableOn"] == side
    ]


def _settle_rate(books: Books, detail: Body) -> Body:
    """A rate of the request as it is answered; one without an id is new."""
    side = detail.get("TaxApplicableOn", "Sales")
    if side not in _LISTS:
        raise faults.bad_property("TaxApplicableOn must be Sales or Purchase;")
    if detail.get("TaxRateId"):
        rate = books.find("TaxRate", detail["TaxRateId"])
        if rate is None:
            raise faults.bad_reference("TaxRates", detail["TaxRateId"], "TaxRateId")
    else:
        rate = _new_rate(books, detail)
    return {
        "TaxRateName": rate["Name"],
        "TaxRateId": rate["Id"],
        "RateValue": rate["RateValue"],
        "TaxAgencyId": rate["AgencyRef"]["value"],
        "TaxApplicableOn": side,
    }


def _new_rate(books: Books, detail: Body) -> Body:
    for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
        if detail.get(name) is None:
            raise faults.required(name)
    if books.find("TaxAgency", detail["TaxAgencyId"]) is None:
        raise faults.bad_reference("TaxAgencies", detail["TaxAgencyId"], "TaxAgencyId")
    if not 0 <= detail["RateValue"] <= 100:
        raise faults.bad_number("RateValue")
    name = detail["TaxRateName"].strip()
    _refuse_taken(books, "TaxRate", name)
    period = {"RateValue": detail["RateValue"], "EffectiveDate": FIRST_DAY}
    rate = {"Name": name, "Description": name, "Active": True, "RateValue": detail["RateValue"],
            "AgencyRef": {"value": detail["TaxAgencyId"]}, "SpecialTaxType": "NONE",
            "DisplayType": "ReadOnly", "EffectiveTaxRate": [period]}  # fmt: skip
    return _add(books, "TaxRate", rate)


def _refuse_taken(books: Books, entity: str, name: str) -> None:
    if books.owners_of_name((entity,), name):
        raise faults.duplicate_name()


def _add(books: Books, entity: str, body: Body) -> Body:
    spec = entities.BY_NAME[entity]
    engine.add(books, spec, body)
    return body
