"""Bodies of the documents that the sandbox tests send."""


def sales_line(amount, item="2", tax="NON", **detail):
    return {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item}, "TaxCodeRef": {"value": tax}, **detail},
    }


def account_line(amount, account="7", **detail):
    return {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": account}, **detail},
    }


def item_line(amount, item="2", **detail):
    return {
        "Amount": amount,
        "DetailType": "ItemBasedExpenseLineDetail",
        "ItemBasedExpenseLineDetail": {"ItemRef": {"value": item}, **detail},
    }


def invoice(*lines, customer="1", **fields):
    return {"CustomerRef": {"value": customer}, "Line": list(lines) or [sales_line(100)], **fields}


def bill(*lines, vendor="31", **fields):
    return {"VendorRef": {"value": vendor}, "Line": list(lines) or [account_line(100)], **fields}


def order(*lines, vendor="31", **fields):
    return {
        "VendorRef": {"value": vendor},
        "APAccountRef": {"value": "33"},
        "Line": list(lines) or [item_line(100, Qty=10, UnitPrice=10)],
        **fields,
    }
