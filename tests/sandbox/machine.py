"""A state machine that trades at random with a sample company, and what must hold after every step."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from webapp.sandbox import create_sandbox

from .documents import account_line, bill, invoice, sales_line
from .ledger_checks import problems, stale
from .money import CHECKING, SAVINGS, bill_payment, deposit, entry_line, payment, pays, purchase

NAMES = st.sampled_from(["Ash", "ash", "Beech", "Café", "Cedar", "Dogwood"])
AMOUNTS = st.decimals(0, 5000, places=2).map(float)
PICK = st.integers(0, 1000)
LINES = st.lists(AMOUNTS, min_size=1, max_size=3)
SALES = {"invoice": "Invoice", "creditmemo": "CreditMemo", "salesreceipt": "SalesReceipt",
         "estimate": "Estimate"}  # fmt: skip
COSTS = {"bill": "Bill", "vendorcredit": "VendorCredit", "purchase": "Purchase"}
VOIDABLE = ("invoice", "salesreceipt", "payment", "billpayment")
REFUSED = {"6000", "620", "6540", "610", "5010", "6240"}


class Machine(RuleBasedStateMachine):
    """Creates, changes, pays, voids and deletes in the US company; steps counts over all machines."""

    steps = 0
    company = "us"
    customers = ("1", "2", "21")
    vendors = ("31", "32")

    @initialize()
    def begin(self):
        self.app = create_sandbox()
        self.client = self.app.test_client()
        tokens = self.client.post("/control/tokens", json={"company": self.company}).json
        self.realm = tokens["realmId"]
        self.address = f"/v3/company/{self.realm}"
        self.headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
        self.kept, self.sent, self.tokens = {}, [], {}

    def teardown(self):
        if hasattr(self, "app"):
            self.app.extensions["sandbox"].store.close()

    def post(self, path, body, **params):
        """Write under a new requestid and answer the object, or None when a rule refused it."""
        Machine.steps += 1
        params["requestid"] = f"r{len(self.sent)}"
        answer = self._send(path, body, params)
        self.sent.append((path, body, params, answer.status_code, answer.data))
        if answer.status_code != 200:
            assert answer.json["Fault"]["Error"][0]["code"] in REFUSED, answer.text
            return None
        made = next(iter(answer.json.values()))
        if made.get("status") == "Deleted":
            self.kept[path].pop(made["Id"])
        else:
            self.kept.setdefault(path, {})[made["Id"]] = made
        return made

    def _send(self, path, body, params):
        where = f"{self.address}/{path}"
        return self.client.post(where, json=body, query_string=params, headers=self.headers)

    def sale(self, amounts, who=0, tax=0, **fields):
        """A sales form; every second one is taxed, by the form's own code."""
        code = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "3"}}} if tax % 2 else {}
        lines = [sales_line(amount, tax="TAX" if tax % 2 else "NON") for amount in amounts]
        return invoice(*lines, customer=self.customers[who % len(self.customers)], **code, **fields)

    def cost(self, path, amounts, who=0, tax=0, **detail):
        """A bill, vendor credit or purchase."""
        lines = [account_line(amount, **detail) for amount in amounts]
        if path == "purchase":
            return purchase(*lines)
        return bill(*lines, vendor=self.vendors[who % len(self.vendors)])

    def pick(self, number, *paths, worth=0):
        """One of the objects of these kinds that was made for so much at least, now: (path, object)."""
        found = [
            (path, object_id)
            for path in paths
            for object_id, made in self.kept.get(path, {}).items()
            if made.get("TotalAmt", 0) >= worth
        ]
        if not found:
            return None, None
        path, object_id = found[number % len(found)]
        answer = self.client.get(f"{self.address}/{path}/{object_id}", headers=self.headers)
        return path, next(iter(answer.json.values()))

    @rule(path=st.sampled_from(["customer", "vendor"]), name=NAMES)
    def name_somebody(self, path, name):
        self.post(path, {"DisplayName": name})

    @rule(number=PICK, name=NAMES, active=st.booleans())
    def rename_somebody(self, number, name, active):
        path, found = self.pick(number, "customer", "vendor")
        if found and found["Active"]:
            change = {"DisplayName": name, "Active": active, "sparse": True}
            self.change(path, found, change)

    @rule(path=st.sampled_from(list(SALES)), who=PICK, amounts=LINES, tax=PICK, paid=st.sampled_from([0, 5]))
    def sell(self, path, who, amounts, tax, paid):
        down = {"Deposit": paid} if paid and path == "invoice" else {}
        self.post(path, self.sale(amounts, who, tax, **down))

    @rule(path=st.sampled_from(list(COSTS)), who=PICK, amounts=LINES, tax=PICK, billable=st.booleans())
    def buy(self, path, who, amounts, tax, billable):
        detail = {"BillableStatus": "Billable", "CustomerRef": {"value": "1"}} if billable else {}
        self.post(path, self.cost(path, amounts, who, tax, **detail))

    @rule(number=PICK, amount=AMOUNTS, tax=PICK)
    def change_amount(self, number, amount, tax):
        path, found = self.pick(number, "invoice", "creditmemo", "salesreceipt", "bill", "vendorcredit")
        if found:
            form = self.cost(path, [amount], tax=tax) if path in COSTS else self.sale([amount], tax=tax)
            party = {key: found[key] for key in ("VendorRef", "CustomerRef") if key in found}
            self.change(path, found, {**form, "sparse": True, **party})

    @rule(number=PICK)
    def send_back_unchanged(self, number):
        path, found = self.pick(number, *SALES, *COSTS, "payment", "customer")
        if found and found.get("Active") is not False:
            again = self.post(path, found)
            assert again is None or again == found, (found, again)

    def change(self, path, found, changes):
        token = {"Id": found["Id"], "SyncToken": found["SyncToken"]}
        made = self.post(path, {**changes, **token})
        if made and made["SyncToken"] != found["SyncToken"]:
            assert int(made["SyncToken"]) == int(found["SyncToken"]) + 1
            stale = self._send(path, {**changes, **token}, {})
            assert stale.json["Fault"]["Error"][0]["code"] == "5010"

    @rule(number=PICK, credit=PICK, total=AMOUNTS, part=AMOUNTS, whole=st.booleans(), use=st.booleans())
    def pay(self, number, credit, total, part, whole, use):
        _, owed = self.pick(number, "invoice", worth=0.01)
        _, memo = self.pick(credit, "creditmemo", worth=0.01)
        owed = owed or self.post("invoice", self.sale([100]))
        if owed:
            amount = owed["Balance"] if whole else part
            lines = [pays("Invoice", owed["Id"], amount)]
            if use and memo and memo["Balance"]:
                lines.append(pays("CreditMemo", memo["Id"], memo["Balance"]))
            total = max(amount, 0) if whole else total
            self.post("payment", payment(total, *lines, customer=owed["CustomerRef"]["value"]))

    @rule(number=PICK, part=AMOUNTS, whole=st.booleans())
    def pay_bill(self, number, part, whole):
        _, owed = self.pick(number, "bill", worth=0.01)
        if owed:
            amount = owed["Balance"] if whole else part
            body = bill_payment(amount, pays("Bill", owed["Id"], amount), vendor=owed["VendorRef"]["value"])
            self.post("billpayment", body)

    @rule(number=PICK, total=AMOUNTS)
    def change_payment(self, number, total):
        path, found = self.pick(number, "payment", "billpayment")
        if found and found["Line"]:
            self.change(path, found, {**found, "TotalAmt": total})

    @rule(number=PICK, second=PICK)
    def put_in_the_bank(self, number, second):
        lines = []
        for choice in {number, second}:
            path, found = self.pick(choice, "payment", "salesreceipt", worth=0.01)
            if found:
                kind = {"payment": "Payment", "salesreceipt": "SalesReceipt"}[path]
                lines.append({"Amount": found["TotalAmt"],
                              "LinkedTxn": [{"TxnId": found["Id"], "TxnType": kind}]})  # fmt: skip
        if lines:
            self.post("deposit", deposit(*lines))

    @rule(number=PICK, amount=AMOUNTS)
    def bill_on(self, number, amount):
        path, found = self.pick(number, "bill", "purchase")
        if found:
            form = self.sale([amount])
            form["Line"][0]["LinkedTxn"] = [{"TxnId": found["Id"], "TxnType": COSTS[path]}]
            self.post("invoice", form)

    @rule(number=PICK)
    def bill_estimate(self, number):
        _, found = self.pick(number, "estimate")
        if found:
            tie = {"TxnId": found["Id"], "TxnType": "Estimate"}
            self.post("invoice", self.sale([100], LinkedTxn=[tie]) | {"CustomerRef": found["CustomerRef"]})

    @rule(amount=AMOUNTS, who=PICK)
    def book(self, amount, who):
        who = self.customers[who % len(self.customers)]
        customer = {"Type": "Customer", "EntityRef": {"value": who}}
        lines = [entry_line("Debit", "84", amount, Entity=customer), entry_line("Credit", "2", amount)]
        self.post("journalentry", {"Line": lines})
        ends = {"FromAccountRef": {"value": CHECKING}, "ToAccountRef": {"value": SAVINGS}}
        self.post("transfer", {"Amount": amount, **ends})

    @rule(number=PICK)
    def delete(self, number):
        path, found = self.pick(
            number, *SALES, *COSTS, "payment", "billpayment", "deposit", "journalentry", "transfer"
        )
        if found:
            self.post(path, {"Id": found["Id"], "SyncToken": found["SyncToken"]}, operation="delete")

    @rule(number=PICK)
    def void(self, number):
        path, found = self.pick(number, *VOIDABLE)
        if found:
            body = {"Id": found["Id"], "SyncToken": found["SyncToken"]}
            made = self.post(path, body, operation="update", include="void")
            assert made is None or made["TotalAmt"] == 0

    @precondition(lambda self: getattr(self, "sent", None))
    @rule(number=PICK, other=st.booleans())
    def send_again(self, number, other):
        Machine.steps += 1
        path, body, params, status, data = self.sent[number % len(self.sent)]
        body = {"DisplayName": "Somebody else"} if other else body
        before = self._dump()
        answer = self._send(path, body, params)
        assert (answer.status_code, answer.data) == (status, data)
        assert self._dump() == before

    @invariant()
    def books_are_in_order(self):
        if not hasattr(self, "app"):
            return
        with self.app.extensions["sandbox"].store.reading() as db:
            assert problems(db) == []
            assert stale(db, self.realm) == []
            now = db.execute("SELECT realm, entity, id, json_extract(json, '$.SyncToken') FROM object")
            now = {tuple(row[:3]): int(row[3]) for row in now}
        assert all(now.get(key, token) >= token for key, token in self.tokens.items())
        self.tokens = now

    def _dump(self):
        with self.app.extensions["sandbox"].store.reading() as db:
            return [
                db.execute(f"SELECT * FROM {table}").fetchall() for table in ("object", "ledger", "counter")
            ]
