"""What must be true of a sandbox's database at any time, whatever was done to it."""

import json

from webapp.sandbox import jsontext

_UNBALANCED = "SELECT entity, txn_id FROM ledger GROUP BY realm, entity, txn_id HAVING sum(cents) != 0"
_ACCOUNTS = """SELECT id, json_extract(json, '$.CurrentBalance'),
    (SELECT coalesce(sum(cents), 0) FROM ledger WHERE ledger.realm = object.realm AND account = object.id)
    FROM object WHERE entity = 'Account' AND json_extract(json, '$.Classification')
        IN ('Asset', 'Liability', 'Equity')"""
_PARTIES = """SELECT entity, id, json_extract(json, '$.Balance'),
    (SELECT coalesce(sum(owed), 0) FROM ledger WHERE ledger.realm = object.realm
        AND party_kind = object.entity AND party = object.id AND owed IS NOT NULL)
    FROM object WHERE entity IN ('Customer', 'Vendor')"""
_OPEN = """SELECT entity, id, json_extract(json, '$.Balance'),
    (SELECT coalesce(sum(owed), 0) FROM ledger WHERE ledger.realm = object.realm AND owed IS NOT NULL AND
        ((ledger.entity = object.entity AND txn_id = id) OR (target_kind = object.entity AND target = id)))
    FROM object WHERE entity IN ('Invoice', 'CreditMemo', 'Bill', 'VendorCredit')"""
_NAMES = """SELECT full_name FROM object WHERE entity IN ('Customer', 'Vendor', 'Employee')
    GROUP BY realm, full_name HAVING count(*) > 1"""
_MOVING = ("Balance", "BalanceWithJobs", "CurrentBalance", "CurrentBalanceWithSubAccounts", "QtyOnHand",
           "MetaData")  # fmt: skip
_CREDITS = ("Bill", "CreditMemo", "Vendor")


def problems(db):
    """What is not in order, in words; nothing when all is."""
    found = [f"{row} is not balanced" for row in db.execute(_UNBALANCED)]
    for number, shown, cents in db.execute(_ACCOUNTS):
        if round(shown * 100) != cents:
            found.append(f"account {number} shows {shown} instead of {cents} cents")
    for query in (_PARTIES, _OPEN):
        for entity, number, shown, cents in db.execute(query):
            if round(shown * 100) != (-cents if entity in _CREDITS else cents):
                found.append(f"{entity} {number} shows {shown} instead of {cents} cents")
    found += [f"{name} is there twice" for (name,) in db.execute(_NAMES)]
    return found + _links(db)


def _links(db):
    """Links that are not the same on both sides."""
    rows = db.execute("SELECT realm, entity, id, json FROM object WHERE json LIKE '%TxnType%'")
    bodies = {(realm, entity, number): json.loads(text) for realm, entity, number, text in rows}
    found, billed, taken = [], set(), set()
    for (realm, entity, number), body in bodies.items():
        for tie in body.get("LinkedTxn", ()):
            kind = "BillPayment" if tie["TxnType"].startswith("BillPayment") else tie["TxnType"]
            other = bodies.get((realm, kind, tie["TxnId"]))
            if other is None or not _names(other, number):
                found.append(f"{entity} {number} is tied to {tie}, which knows nothing of it")
        for line in body.get("Line", ()):
            status = line.get(line.get("DetailType"), {}).get("BillableStatus")
            if status == "HasBeenBilled":
                billed.add((realm, entity, number, line["Id"]))
            if entity == "Invoice":
                taken |= {(realm, tie["TxnType"], tie["TxnId"], tie.get("TxnLineId"))
                          for tie in line.get("LinkedTxn", ())}  # fmt: skip
    return found + [f"{one} is billed on one side only" for one in billed ^ taken]


def _names(body, number):
    ties = [*body.get("LinkedTxn", ())]
    for line in body.get("Line", ()):
        ties += line.get("LinkedTxn", ())
    return any(tie["TxnId"] == number for tie in ties)


def stale(db, realm):
    """What the server keeps of a company's lists although it is not so any more; figures may have moved."""
    _, kept = db.kept(realm, db.lists_version(realm))
    query = "SELECT json FROM object WHERE realm = ? AND entity = ? AND id = ?"
    return [
        key
        for key, body in kept.items()
        if isinstance(body, dict)
        and _still(body) != _still(jsontext.loads(db.execute(query, (realm, *key)).fetchone()[0]))
    ]


def _still(body):
    """An object without what moves when documents are written."""
    return {name: value for name, value in body.items() if name not in _MOVING}
