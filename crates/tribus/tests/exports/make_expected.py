#!/usr/bin/env python3
"""The slow and obvious oracle: reads each export of this folder by hand-written knowledge of that export and writes NAME.expected.json.
Standard library only; money in decimal arithmetic. It follows purchases.md; what that leaves open is in CHOICES.md."""
import csv, datetime, json, os
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
ZERO = Decimal(0)
CENT = Decimal("0.01")
REASONS = ["older_state", "copy", "cancelled", "failed", "unpaid", "no_customer", "not_a_product", "after_as_of", "return"]


class Line:
    """One row of a file. amount: the money of this row before refunds (an order's total sits on one row of the order only);
    refund: what a refund column, or the state "refunded", takes off it."""

    def __init__(self, order, date, amount, refund=ZERO, customer="", email="", phone="", reason=None, registered=True):
        self.order, self.date, self.amount, self.refund = order, date, amount, refund
        self.customer, self.email, self.phone, self.reason = customer.strip(), email.strip().lower(), phone.strip(), reason
        self.registered = registered  # False: the customer column holds e-mail addresses
        assert isinstance(amount, Decimal) and isinstance(refund, Decimal) and refund >= 0
        assert isinstance(date, datetime.date) and not isinstance(date, datetime.datetime)
        assert reason in (None, "older_state", "cancelled", "failed", "unpaid")


def read(name, delimiter=","):
    with open(os.path.join(HERE, name), encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f, delimiter=delimiter))


def money(text):
    """"$1,249.00", "-$12.00", "1,250.00", "" """
    text = text.strip().replace("$", "").replace(",", "")
    return Decimal(text) if text else ZERO


def day(text, form):
    return datetime.datetime.strptime(text, form).date()


# ------------------------------------------------------------------ the roll-up, the same for all
def name_customers(lines):
    """Customer id; else e-mail (that of exactly one registered id: that id); else phone; else nobody."""
    ids_of_mail = {}
    for l in lines:
        if l.customer not in ("", "0") and l.email:
            ids_of_mail.setdefault(l.email, set()).add(l.customer)
    for l in lines:
        if l.customer not in ("", "0"):
            l.key = l.customer
        elif l.email:
            ids = ids_of_mail.get(l.email, set())
            l.key = list(ids)[0] if len(ids) == 1 else l.email
        else:
            l.key = l.phone
        if l.key == "" and l.reason is None:
            l.reason = "no_customer"


def rolled(files, grain, columns, lines):
    name_customers(lines)
    as_of = max(l.date for l in lines)
    for l in lines:
        assert (as_of - l.date).days >= 0
    assert any(l.date == as_of and l.reason is None for l in lines), "as_of on a used line"
    newest = sorted({l.date for l in lines})[-4:]
    assert (newest[-1] - newest[0]).days <= 14, "no isolated tail: %s" % newest

    used = [l for l in lines if l.reason is None]
    orders = {}
    for n, l in enumerate(used):
        orders.setdefault((l.key, l.order if l.order is not None else ("row", n)), []).append(l)

    rows = {l.key: {"days": [], "money": ZERO} for l in used}
    count = 0
    for (customer, _), own in orders.items():
        rows[customer]["money"] += sum((l.amount - l.refund for l in own), ZERO)
        sold = [l for l in own if l.amount >= 0]
        if not sold:
            continue  # a return document
        gross = sum((l.amount for l in sold), ZERO)
        back = sum((l.refund for l in own), ZERO) - sum((l.amount for l in own if l.amount < 0), ZERO)
        if back > 0 and back >= gross:
            continue  # returned in full
        count += 1
        rows[customer]["days"].append(min(l.date for l in sold))

    table = []
    for customer in sorted(rows):
        days = sorted(rows[customer]["days"])
        table.append({
            "customer_id": customer,
            "first_order_date": days[0].isoformat() if days else None,
            "last_order_date": days[-1].isoformat() if days else None,
            "order_count": len(days),
            "revenue_after_returns": rows[customer]["money"],
            "recency_days": (as_of - days[-1]).days if days else None,
        })

    aside = []
    for reason in REASONS:
        some = [l for l in lines if l.reason == reason]
        if some:
            aside.append({"reason": reason, "lines": len(some), "money": sum((l.amount - l.refund for l in some), ZERO)})
    in_file = sum((l.amount - l.refund for l in lines), ZERO)
    in_used = sum((l.amount - l.refund for l in used), ZERO)
    assert in_file == in_used + sum((a["money"] for a in aside), ZERO)
    assert in_used == sum((r["revenue_after_returns"] for r in table), ZERO)
    assert len(lines) == len(used) + sum(a["lines"] for a in aside)
    # what a fixture must be
    assert 20 <= len(lines) <= 60 and 8 <= len(table) <= 15, (files, len(lines), len(table))
    assert 10 * sum(r["order_count"] > 1 for r in table) >= 3 * len(table), files
    assert len({(l.date.year, l.date.month) for l in lines}) >= 3 and min(l.date for l in lines).year >= 2024 and as_of.year <= 2025
    return {"files": files, "grain": grain, "columns": columns, "lines": len(lines), "orders": count, "customers": len(table), "as_of": as_of.isoformat(),
            "money": {"file": in_file, "used": in_used, "set_aside": aside}, "rows": table}


# ------------------------------------------------------------------ one function for each export
SHOPIFY_COLUMNS = {"email": "Email", "phone": "Phone", "order": "Name", "date": "Created at", "amount": "Total", "refunded": "Refunded Amount",
                   "state": "Financial Status", "currency": "Currency"}
SHOPIFY_REASON = {"paid": None, "partially_refunded": None, "refunded": None, "voided": "cancelled", "pending": "unpaid", "authorized": "unpaid"}


def shopify_lines(records):
    """The first row of a run of rows with one Name is the order's; the rows after it are only items. The date is the shop's own day."""
    lines, head = [], None
    for r in records:
        first = head is None or r["Name"] != head["Name"]
        if first:
            head = r
        lines.append(Line(r["Name"], day(head["Created at"][:10], "%Y-%m-%d"), money(head["Total"]) if first else ZERO, money(head["Refunded Amount"]) if first else ZERO,
                          email=head["Email"], phone=head["Phone"], reason=SHOPIFY_REASON[head["Financial Status"]]))
        lines[-1].state = head["Financial Status"]
    return lines


def shopify():
    records = read("shopify.csv")
    seen = set()
    for r in records:  # order columns on the first row only
        assert (r["Total"] == "") == (r["Name"] in seen)
        seen.add(r["Name"])
    return rolled(["shopify.csv"], "line", SHOPIFY_COLUMNS, shopify_lines(records))


def shopify_repeated():
    records = read("shopify_repeated.csv")
    assert all(r["Total"] for r in records)
    return rolled(["shopify_repeated.csv"], "line", SHOPIFY_COLUMNS, shopify_lines(records))


def shopify_customers():
    records = read("shopify_customers.csv")
    mails = [r["Email"] for r in records if r["Email"]]
    assert len(set(mails)) == len(mails) == len(records) - 1
    return {"files": ["shopify_customers.csv"], "grain": "customer", "columns": {"email": "Email"}, "lines": len(records), "customers": len(records)}


def two_states():
    """May's and June's exports together. Of the copies of an order the one with the newer state counts."""
    rank = {"pending": 0, "authorized": 0, "paid": 1, "partially_refunded": 2, "refunded": 3, "voided": 3}
    may, june = shopify_lines(read("two_states_may.csv")), shopify_lines(read("two_states_june.csv"))
    for one, other in ((may, june), (june, may)):
        state = {l.order: l.state for l in other}
        for l in one:
            if l.order in state:
                assert state[l.order] != l.state
                if rank[state[l.order]] > rank[l.state]:
                    l.reason = "older_state"
    columns = {k: v for k, v in SHOPIFY_COLUMNS.items() if k != "phone"}  # blank throughout
    return rolled(["two_states_may.csv", "two_states_june.csv"], "line", columns, may + june)


def etsy():
    """Adjusted Order Total (after a refund) where it is there and not 0; 0 or blank means not adjusted. Refunded: in full."""
    lines = []
    for r in read("etsy.csv"):
        total, adjusted = money(r["Order Total"]), money(r["Adjusted Order Total"])
        if r["Status"] == "Refunded":
            refund = total
        elif adjusted != 0:
            refund = total - adjusted
        else:
            refund = ZERO
        lines.append(Line(r["Order ID"], day(r["Sale Date"], "%m/%d/%y"), total, refund, customer=r["Buyer User ID"],
                          reason={"Completed": None, "Refunded": None, "Canceled": "cancelled"}[r["Status"]]))
    assert len({l.order for l in lines}) == len(lines)
    return rolled(["etsy.csv"], "order", {"customer": "Buyer User ID", "order": "Order ID", "date": "Sale Date", "amount": "Order Total", "state": "Status", "currency": "Currency"}, lines)


def square():
    """Net Sales of each item; Refund rows are negative. A blank Customer ID within a receipt is that of the receipt."""
    records = read("square.csv")
    customer_of = {}
    for r in records:
        if r["Customer ID"]:
            assert customer_of.setdefault(r["Transaction ID"], r["Customer ID"]) == r["Customer ID"]
    lines = []
    for r in records:
        net = money(r["Net Sales"])
        assert (r["Event Type"] == "Refund") == (net < 0)
        lines.append(Line(r["Transaction ID"], day(r["Date"], "%Y-%m-%d"), net, customer=customer_of.get(r["Transaction ID"], "")))
    return rolled(["square.csv"], "line", {"customer": "Customer ID", "order": "Transaction ID", "date": "Date", "amount": "Net Sales"}, lines)


def stripe():
    """Converted Amount - Converted Amount Refunded; Failed and not captured are set aside; guests by e-mail."""
    lines = []
    for r in read("stripe.csv"):
        if r["Status"] == "Failed":
            reason = "failed"
        elif r["Captured"] == "false":
            reason = "unpaid"
        else:
            assert r["Status"] in ("Paid", "Refunded")
            reason = None
        assert r["Converted Currency"] == "eur"
        lines.append(Line(r["id"], day(r["Created date (UTC)"][:10], "%Y-%m-%d"), money(r["Converted Amount"]), money(r["Converted Amount Refunded"]),
                          customer=r["Customer ID"], email=r["Customer Email"], reason=reason))
    assert len({l.order for l in lines}) == len(lines)
    columns = {"customer": "Customer ID", "email": "Customer Email", "order": "id", "date": "Created date (UTC)", "amount": "Converted Amount", "refunded": "Converted Amount Refunded",
               "refund_date": "Refunded date (UTC)", "state": "Status", "currency": "Converted Currency"}
    return rolled(["stripe.csv"], "order", columns, lines)


def amazon():
    records = read("amazon.txt", "\t")
    assert not any("buyer" in h or "customer" in h or "mail" in h for h in records[0])
    return {"files": ["amazon.txt"], "refused": "buyer"}


def magento():
    lines = []
    for r in read("magento.csv"):
        refund = money(r["Total Refunded"])
        assert not refund or r["Grand Total (Base)"] == r["Grand Total (Purchased)"]
        reason = {"Complete": None, "Processing": None, "Closed": None, "Canceled": "cancelled", "Pending": "unpaid", "Pending Payment": "unpaid"}[r["Status"]]
        lines.append(Line(r["ID"], day(r["Purchase Date"], "%b %d, %Y %I:%M:%S %p"), money(r["Grand Total (Base)"]), refund, email=r["Customer Email"], reason=reason))
    assert len({l.order for l in lines}) == len(lines)
    return rolled(["magento.csv"], "order", {"email": "Customer Email", "order": "ID", "date": "Purchase Date", "amount": "Grand Total (Base)", "refunded": "Total Refunded", "state": "Status"}, lines)


def bigcommerce():
    reasons = {"Completed": None, "Shipped": None, "Awaiting Fulfillment": None, "Refunded": None, "Partially Refunded": None, "Cancelled": "cancelled", "Declined": "failed",
               "Pending": "unpaid", "Awaiting Payment": "unpaid"}
    lines = []
    for r in read("bigcommerce.csv"):
        lines.append(Line(r["Order ID"], day(r["Order Date"], "%m/%d/%Y"), money(r["Order Total (inc tax)"]), money(r["Refund Amount"]), customer=r["Customer ID"],
                          email=r["Customer Email"], phone=r["Customer Phone"], reason=reasons[r["Order Status"]]))
    assert len({l.order for l in lines}) == len(lines)
    columns = {"customer": "Customer ID", "email": "Customer Email", "phone": "Customer Phone", "order": "Order ID", "date": "Order Date", "amount": "Order Total (inc tax)",
               "refunded": "Refund Amount", "state": "Order Status", "currency": "Order Currency Code"}
    return rolled(["bigcommerce.csv"], "order", columns, lines)


def woocommerce():
    """No refund column: the state refunded returns the order in full."""
    reasons = {"completed": None, "processing": None, "refunded": None, "cancelled": "cancelled", "failed": "failed", "pending": "unpaid", "on-hold": "unpaid"}
    lines = []
    for r in read("woocommerce.csv"):
        total = money(r["order_total"])
        lines.append(Line(r["order_id"], day(r["date"][:10], "%Y-%m-%d"), total, total if r["status"] == "refunded" else ZERO, customer=r["customer_user"], email=r["billing_email"],
                          phone=r["billing_phone"], reason=reasons[r["status"]]))
    assert len({l.order for l in lines}) == len(lines)
    columns = {"customer": "customer_user", "email": "billing_email", "order": "order_id", "date": "date", "amount": "order_total", "state": "status", "currency": "order_currency"}
    return rolled(["woocommerce.csv"], "order", columns, lines)


def paypal():
    """A ledger: refunds and withdrawals are rows with a negative Gross; each row is its own document."""
    lines = []
    for r in read("paypal.csv"):
        lines.append(Line(r["Transaction ID"], day(r["Date"], "%m/%d/%Y"), money(r["Gross"]), email=r["From Email Address"],
                          reason={"Completed": None, "Pending": "unpaid", "Denied": "failed"}[r["Status"]]))
    assert len({l.order for l in lines}) == len(lines)
    return rolled(["paypal.csv"], "order", {"email": "From Email Address", "order": "Transaction ID", "date": "Date", "amount": "Gross", "state": "Status", "currency": "Currency"}, lines)


def uci():
    """Quantity x UnitPrice; C invoices are returns; copies and codes such as POST stay (the defaults)."""
    lines = []
    for r in read("uci.csv"):
        n = Decimal(r["Quantity"])
        assert r["InvoiceNo"].startswith("C") <= (n < 0)
        lines.append(Line(r["InvoiceNo"], day(r["InvoiceDate"], "%m/%d/%Y %H:%M"), n * Decimal(r["UnitPrice"]), customer=r["CustomerID"]))
    return rolled(["uci.csv"], "line", {"customer": "CustomerID", "order": "InvoiceNo", "date": "InvoiceDate", "quantity": "Quantity", "price": "UnitPrice"}, lines)


def german():
    """Menge x Einzelpreis, decimal comma; the state is that of each line (one line of 40103 is storniert)."""
    lines = []
    for r in read("german.csv", ";"):
        amount = Decimal(r["Menge"]) * Decimal(r["Einzelpreis"].replace(".", "").replace(",", "."))
        reason = {"versendet": None, "bezahlt": None, "abgeschlossen": None, "erstattet": None, "storniert": "cancelled", "offen": "unpaid"}[r["Status"]]
        lines.append(Line(r["Bestellnummer"], day(r["Bestelldatum"], "%d.%m.%Y"), amount, amount if r["Status"] == "erstattet" else ZERO, customer=r["Kundennummer"], reason=reason))
    columns = {"customer": "Kundennummer", "order": "Bestellnummer", "date": "Bestelldatum", "quantity": "Menge", "price": "Einzelpreis", "state": "Status"}
    return rolled(["german.csv"], "line", columns, lines)


def two_currencies():
    assert {r["currency"] for r in read("two_currencies.csv")} == {"EUR", "USD"}
    return {"files": ["two_currencies.csv"], "refused": "currenc"}


def mdy_ambiguous():
    for r in read("mdy_ambiguous.csv"):
        a, b, year = map(int, r["order_date"].split("/"))
        assert a <= 12 and b <= 12
    return {"files": ["mdy_ambiguous.csv"], "refused": "date_order"}


def cdnow():
    with open(os.path.join(HERE, "cdnow.txt"), newline="") as f:
        rows = [line.split() for line in f.read().split("\r\n") if line.strip()]
    assert rows[0] == ["customer_id", "date", "number_of_cds", "dollar_value"]
    lines = [Line(None, day(d, "%Y%m%d"), Decimal(m), customer=c) for c, d, n, m in rows[1:]]
    return rolled(["cdnow.txt"], "payment", {"customer": "customer_id", "date": "date", "amount": "dollar_value"}, lines)


# ------------------------------------------------------------------ writing
def plain(x):
    if isinstance(x, Decimal):
        assert x == x.quantize(CENT), x
        x = x.quantize(CENT)
        return float(x) if x else 0.0
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [plain(v) for v in x]
    return x


def text(x):
    """JSON with one customer on a line"""
    if "rows" not in x:
        return json.dumps(x, indent=1, ensure_ascii=False) + "\n"
    head = {k: v for k, v in x.items() if k != "rows"}
    rows = ",\n".join("  " + json.dumps(r, ensure_ascii=False) for r in x["rows"])
    return json.dumps(head, indent=1, ensure_ascii=False)[:-2] + ',\n "rows": [\n' + rows + "\n ]\n}\n"


def main():
    results = {}
    for make in (shopify, shopify_repeated, shopify_customers, etsy, square, stripe, amazon, magento, bigcommerce, woocommerce, paypal, uci, german, two_states, two_currencies, cdnow, mdy_ambiguous):
        name = make.__name__
        results[name] = plain(make())
        out = text(results[name])
        assert json.loads(out) == results[name]
        with open(os.path.join(HERE, name + ".expected.json"), "w", encoding="utf-8") as f:
            f.write(out)
        r = results[name]
        print("%-18s" % name, "refused: " + r["refused"] if "refused" in r else {k: r.get(k) for k in ("grain", "lines", "orders", "customers", "as_of")}, r.get("money", ""))
    same = [{k: v for k, v in results[n].items() if k != "files"} for n in ("shopify", "shopify_repeated")]
    assert same[0] == same[1], "the re-export must say the same"


main()
