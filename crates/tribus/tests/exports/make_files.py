#!/usr/bin/env python3
"""Writes the made-up export files of this folder. No random numbers: every order is written out below.
No person is real: all addresses are at example.org, all telephone numbers are in 555-01xx."""
import csv, io, os
from decimal import Decimal as D, ROUND_HALF_UP

HERE = os.path.dirname(os.path.abspath(__file__))
C = D("0.01")


def q(x):
    return str(D(x).quantize(C, rounding=ROUND_HALF_UP))


def write(name, header, rows, sep=",", bom=False, quote_all=False, eol="\n"):
    """rows: lists, or dicts (columns not named are blank)"""
    out = io.StringIO()
    w = csv.writer(out, delimiter=sep, lineterminator=eol, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    w.writerow(header)
    for r in rows:
        if isinstance(r, dict):
            unknown = set(r) - set(header)
            assert not unknown, unknown
            r = [r.get(h, "") for h in header]
        assert len(r) == len(header), (name, r)
        w.writerow(r)
    with open(os.path.join(HERE, name), "w", encoding="utf-8-sig" if bom else "utf-8", newline="") as f:
        f.write(out.getvalue())


# ---------------------------------------------------------------- Shopify
SHOPIFY = """Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount|Shipping Method|Created at|Lineitem quantity|Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping|Lineitem taxable|Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|Billing Country|Billing Phone|Shipping Name|Shipping Street|Shipping Address1|Shipping Address2|Shipping Company|Shipping City|Shipping Zip|Shipping Province|Shipping Country|Shipping Phone|Notes|Note Attributes|Cancelled at|Payment Method|Payment Reference|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags|Risk Level|Source|Lineitem discount|Tax 1 Name|Tax 1 Value|Tax 2 Name|Tax 2 Value|Tax 3 Name|Tax 3 Value|Tax 4 Name|Tax 4 Value|Tax 5 Name|Tax 5 Value|Phone|Receipt Number|Duties|Billing Province Name|Shipping Province Name|Payment ID|Payment Terms Name|Next Payment Due At|Payment References""".split("|")

GOODS = {  # sku: name, price, compare at
    "MUG-B": ("Mug, blue", "12.50", ""), "MUG-R": ("Mug, red", "12.50", "15.00"), "TEA-1": ('Tea "Morning" 100 g', "8.90", ""),
    "TEA-2": ("Tea Evening 100 g", "9.40", ""), "POT-1": ("Tea pot 1.2 l", "39.00", "45.00"), "STR-1": ("Strainer", "6.75", ""),
    "HON-1": ("Honey 250 g", "7.20", ""), "SET-1": ("Gift set", "64.00", ""), "TRAY": ("Tray, oak", "28.30", ""),
}

# name, who, state, created, items, discount, shipping, refunded ("full" or amount), note
SHOP_ORDERS = [
    ("#1001", "anna@example.org", "paid", "2024-01-05 09:14:02 -0500", [(1, "POT-1"), (2, "TEA-1"), (1, "STR-1")], "0", "4.90", "0", ""),
    ("#1002", "ben@example.org", "paid", "2024-01-09 18:40:11 -0500", [(2, "MUG-B")], "0", "4.90", "0", ""),
    ("#1003", "+15550100142", "paid", "2024-01-15 12:05:40 -0500", [(1, "TEA-1"), (1, "TEA-2")], "0", "4.90", "0", ""),
    ("#1004", "clara@example.org", "partially_refunded", "2024-01-22 07:55:19 -0500", [(1, "SET-1"), (1, "HON-1"), (1, "TRAY")], "5.00", "0", "28.30", "Please ring twice.\nThank you, and no plastic"),
    ("#1005", "anna@example.org", "paid", "2024-02-02 16:22:05 -0500", [(3, "TEA-2")], "0", "4.90", "0", ""),
    ("#1006", "dora@example.org", "paid", "2024-02-10 10:10:10 -0500", [(1, "TRAY"), (2, "HON-1")], "3.00", "4.90", "0", ""),
    ("#1007", "fred@example.org", "refunded", "2024-02-14 21:30:00 -0500", [(1, "POT-1"), (1, "MUG-R")], "0", "4.90", "full", ""),
    ("#1008", "BEN@EXAMPLE.ORG", "paid", "2024-02-20 08:00:45 -0500", [(1, "SET-1")], "0", "0", "0", ""),
    ("#1009", "gina@example.org", "voided", "2024-02-27 13:13:13 -0500", [(1, "SET-1"), (1, "MUG-B")], "0", "0", "0", "voided the same day"),
    ("#1010", "emil@example.org", "paid", "2024-03-04 11:45:00 -0500", [(1, "STR-1")], "0", "4.90", "0", ""),
    ("#1011", "", "paid", "2024-03-09 15:02:33 -0500", [(1, "MUG-B"), (1, "HON-1")], "0", "0", "0", ""),
    ("#1012", "anna@example.org", "pending", "2024-03-12 09:31:00 -0400", [(1, "SET-1"), (2, "TEA-1")], "0", "4.90", "0", ""),
    ("#1013", "+15550100142", "paid", "2024-03-31 23:40:00 -0400", [(2, "TEA-1"), (1, "HON-1")], "0", "4.90", "0", "late at night: 1 April in UTC"),
    ("#1014", "hugo@example.org", "paid", "2024-04-03 17:20:20 -0400", [(1, "TRAY"), (1, "POT-1"), (4, "MUG-R")], "10.00", "0", "0", ""),
    ("#1015", "clara@example.org", "paid", "2024-04-11 06:58:00 -0400", [(1, "TEA-2"), (1, "STR-1")], "0", "4.90", "0", ""),
    ("#1016", "ina@example.org", "paid", "2024-04-16 20:15:00 -0400", [(1, "HON-1")], "7.20", "0", "0", "free gift: total 0.00"),
    ("#1017", "jon@example.org", "authorized", "2024-04-21 14:44:14 -0400", [(2, "POT-1")], "0", "4.90", "0", ""),
    ("#1018", "+15550100177", "paid", "2024-04-29 12:00:00 -0400", [(1, "MUG-B"), (1, "MUG-R")], "0", "4.90", "0", ""),
    ("#1019", "dora@example.org", "refunded", "2024-05-06 09:09:09 -0400", [(1, "TEA-1")], "0", "4.90", "full", ""),
    ("#1020", "anna@example.org", "partially_refunded", "2024-05-18 19:05:00 -0400", [(2, "MUG-B"), (1, "TRAY")], "0", "4.90", "12.50", ""),
    ("#1021", "ben@example.org", "voided", "2024-05-25 10:00:00 -0400", [(1, "STR-1")], "0", "4.90", "0", ""),
    ("#1022", "hugo@example.org", "paid", "2024-06-08 18:18:18 -0400", [(1, "TEA-1"), (1, "TEA-2")], "0", "4.90", "0", ""),
    ("#1023", "jon@example.org", "paid", "2024-06-13 08:25:00 -0400", [(1, "SET-1")], "0", "0", "0", ""),
    ("#1024", "emil@example.org", "paid", "2024-06-17 21:50:59 -0400", [(1, "POT-1"), (1, "STR-1")], "0", "4.90", "0", ""),
    ("#1025", "clara@example.org", "paid", "2024-06-20 07:07:07 -0400", [(3, "HON-1")], "0", "4.90", "0", ""),
]


def shop_lines(order, number, repeat, currency="USD"):
    name, who, state, created, items, discount, shipping, refunded, note = order
    gross = sum(n * D(GOODS[s][1]) for n, s in items)
    sub = gross - D(discount)
    tax = (sub * D("0.08")).quantize(C, rounding=ROUND_HALF_UP)
    total = sub + D(shipping) + tax
    back = total if refunded == "full" else D(refunded)
    mail = who if "@" in who else ""
    phone = who if who.startswith("+") else ""
    person = (who.split("@")[0].title() if mail else "Guest") + " Example"
    paid = state in ("paid", "partially_refunded", "refunded")
    head = {
        "Name": name, "Email": mail, "Financial Status": state, "Paid at": created if paid else "",
        "Fulfillment Status": "fulfilled" if paid else "unfulfilled", "Accepts Marketing": "no", "Currency": currency,
        "Subtotal": q(sub), "Shipping": q(shipping), "Taxes": q(tax), "Total": q(total),
        "Discount Code": "TEA" + discount.split(".")[0] if D(discount) else "", "Discount Amount": q(discount),
        "Shipping Method": "Standard" if D(shipping) else "Free", "Created at": created,
        "Billing Name": person if who else "", "Billing City": "Springfield" if who else "", "Billing Country": "US" if who else "", "Billing Phone": phone,
        "Shipping Country": "US" if who else "", "Notes": note, "Cancelled at": created if state == "voided" else "",
        "Payment Method": "Shopify Payments" if who else "Cash", "Payment Reference": "c%05d.1" % (number * 37), "Refunded Amount": q(back),
        "Outstanding Balance": "0.00" if paid or state == "voided" else q(total), "Location": "" if who else "Market stall", "Id": str(5900000000000 + number * 131),
        "Risk Level": "Low", "Source": "web" if who else "pos", "Tax 1 Name": "Sales Tax 8%", "Tax 1 Value": q(tax), "Phone": phone,
    }
    for i, (n, sku) in enumerate(items):
        title, price, compare = GOODS[sku]
        line = {
            "Name": name, "Lineitem quantity": n, "Lineitem name": title, "Lineitem price": price, "Lineitem compare at price": compare,
            "Lineitem sku": sku, "Lineitem requires shipping": "true", "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled" if paid else "pending", "Vendor": "Leaf & Pot", "Lineitem discount": "0.00",
        }
        if i == 0 or repeat:
            line = {**head, **line}
        yield line


def shopify():
    rows = []
    for k, o in reversed(list(enumerate(SHOP_ORDERS))):  # the newest first, as Shopify writes them
        rows += shop_lines(o, k, repeat=False)
    write("shopify.csv", SHOPIFY, rows)

    respell = {"Lineitem compare at price": "Lineitem compare-at price", "Lineitem sku": "Lineitem SKU", "Cancelled at": "Canceled at"}
    keep = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes",
            "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
            "Lineitem compare at price", "Lineitem sku", "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name",
            "Billing City", "Billing Country", "Notes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor", "Id", "Tags",
            "Risk Level", "Source", "Lineitem discount", "Phone"]
    rows = []
    for k, o in enumerate(SHOP_ORDERS):
        rows += [[r.get(h, "") for h in keep] for r in shop_lines(o, k, repeat=True)]
    write("shopify_repeated.csv", [respell.get(h, h) for h in keep], rows, bom=True)


def shopify_customers():
    head = ["First Name", "Last Name", "Email", "Accepts Email Marketing", "Default Address Company", "Default Address City", "Default Address Province Code",
            "Default Address Country Code", "Default Address Zip", "Phone", "Accepts SMS Marketing", "Total Spent", "Total Orders", "Note", "Tax Exempt", "Tags"]
    people = """anna 231.40 4|ben 160.22 3|clara 188.07 3|dora 61.50 2|emil 64.98 2|fred 0.00 1|gina 0.00 0|hugo 158.71 2|ina 0.00 1|jon 69.12 1|
        kira 42.10 1|lars 310.00 7|mona 15.90 1|nils 0.00 0|olga 88.35 2|paul 27.45 1|rosa 402.80 9|sven 19.99 1|tina 74.20 2""".replace("\n", "").split("|")
    rows = []
    for i, p in enumerate(people):
        name, spent, orders = p.split()
        rows.append({"First Name": name.title(), "Last Name": "Example", "Email": name + "@example.org", "Accepts Email Marketing": "yes" if i % 3 else "no",
                     "Default Address City": "Springfield", "Default Address Country Code": "US", "Default Address Zip": "'0%04d" % (1200 + i),
                     "Accepts SMS Marketing": "no", "Total Spent": spent, "Total Orders": orders, "Tax Exempt": "no", "Tags": "newsletter, tea" if i % 4 == 0 else ""})
    rows.append({"First Name": "Guest", "Last Name": "Example", "Phone": "'+15550100142", "Accepts Email Marketing": "no", "Accepts SMS Marketing": "yes",
                 "Total Spent": "52.30", "Total Orders": "2", "Tax Exempt": "no"})
    write("shopify_customers.csv", head, rows)


def two_states():
    may = [
        ("#2001", "anna@example.org", "paid", "2024-03-03 10:00:00 +0100", [(1, "POT-1"), (1, "TEA-1")], "0", "4.90", "0", ""),
        ("#2002", "ben@example.org", "paid", "2024-03-08 11:00:00 +0100", [(2, "MUG-B")], "0", "4.90", "0", ""),
        ("#2003", "clara@example.org", "paid", "2024-03-19 12:00:00 +0100", [(1, "SET-1")], "0", "0", "0", ""),
        ("#2004", "dora@example.org", "refunded", "2024-03-28 13:00:00 +0100", [(1, "TRAY"), (1, "HON-1")], "0", "4.90", "full", ""),
        ("#2005", "anna@example.org", "paid", "2024-04-05 14:00:00 +0200", [(3, "TEA-2")], "0", "4.90", "0", ""),
        ("#2006", "emil@example.org", "paid", "2024-04-14 15:00:00 +0200", [(1, "STR-1"), (1, "TEA-1"), (1, "TEA-2")], "0", "4.90", "0", ""),
        ("#2007", "ben@example.org", "pending", "2024-04-27 16:00:00 +0200", [(1, "TRAY")], "0", "4.90", "0", ""),
        ("#2008", "fred@example.org", "paid", "2024-05-02 17:00:00 +0200", [(1, "MUG-R"), (1, "MUG-B")], "0", "4.90", "0", ""),
        ("#2009", "gina@example.org", "pending", "2024-05-09 18:00:00 +0200", [(1, "SET-1"), (1, "STR-1")], "0", "0", "0", ""),
        ("#2010", "hugo@example.org", "paid", "2024-05-17 19:00:00 +0200", [(1, "POT-1"), (2, "HON-1")], "0", "4.90", "0", ""),
        ("#2011", "clara@example.org", "paid", "2024-05-24 20:00:00 +0200", [(2, "TRAY"), (1, "TEA-1")], "0", "0", "0", ""),
        ("#2012", "ina@example.org", "authorized", "2024-05-30 21:00:00 +0200", [(1, "TEA-2")], "0", "4.90", "0", ""),
    ]
    by = {o[0]: o for o in may}

    def changed(name, state, refunded="0"):
        o = list(by[name])
        o[2], o[7] = state, refunded
        return tuple(o)

    june = [
        changed("#2007", "voided"),                            # pending -> voided
        changed("#2009", "paid"),                              # pending -> paid
        changed("#2010", "refunded", "full"),                  # paid -> refunded: the heart of this fixture
        changed("#2011", "partially_refunded", "28.30"),       # paid -> partially refunded
        changed("#2012", "paid"),                              # authorized -> paid
        ("#2013", "anna@example.org", "paid", "2024-06-03 10:00:00 +0200", [(1, "SET-1"), (1, "HON-1")], "5.00", "0", "0", ""),
        ("#2014", "jon@example.org", "paid", "2024-06-09 11:00:00 +0200", [(1, "MUG-B")], "0", "4.90", "0", ""),
        ("#2015", "emil@example.org", "paid", "2024-06-15 12:00:00 +0200", [(1, "POT-1"), (1, "STR-1")], "0", "4.90", "0", ""),
        ("#2016", "kira@example.org", "pending", "2024-06-20 13:00:00 +0200", [(1, "TEA-1")], "0", "4.90", "0", ""),
        ("#2017", "fred@example.org", "paid", "2024-06-24 14:00:00 +0200", [(2, "TEA-2"), (1, "HON-1")], "0", "4.90", "0", ""),
        ("#2018", "ben@example.org", "paid", "2024-06-28 15:00:00 +0200", [(1, "STR-1"), (1, "HON-1")], "0", "4.90", "0", ""),
    ]
    keep = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes", "Total",
            "Discount Code", "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price",
            "Lineitem sku", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor", "Id", "Tags", "Lineitem discount", "Phone"]
    for file, orders in (("two_states_may.csv", may), ("two_states_june.csv", june)):
        rows = []
        for o in reversed(orders):
            rows += [[r.get(h, "") for h in keep] for r in shop_lines(o, int(o[0][1:]), False, "EUR")]
        write(file, keep, rows)


# ---------------------------------------------------------------- Etsy
def etsy():
    head = ["Sale Date", "Order ID", "Buyer User ID", "Full Name", "First Name", "Last Name", "Number of Items", "Payment Method", "Date Shipped", "Street 1", "Street 2",
            "Ship City", "Ship State", "Ship Zipcode", "Ship Country", "Currency", "Order Value", "Coupon Code", "Coupon Details", "Discount Amount", "Shipping Discount",
            "Shipping", "Sales Tax", "Order Total", "Status", "Card Processing Fees", "Order Net", "Adjusted Order Total", "Adjusted Card Processing Fees",
            "Adjusted Net Order Amount", "Buyer", "Order Type", "Payment Type", "InPerson Discount", "InPerson Location", "SKU"]
    # date, buyer, items, value, discount, shipping, tax, status, adjusted total
    orders = """09/04/24 willowfern 1 32.00 0 4.50 0 Completed 0.00
09/09/24 oakandash 2 58.00 5.80 0 3.10 Completed 0.00
09/13/24 rivermoss 1 18.50 0 4.50 0 Completed 0.00
09/13/24 - 1 22.00 0 4.50 1.20 Completed 0.00
09/21/24 pebblejar 3 75.00 0 0 6.00 Completed 54.20
09/28/24 willowfern 1 14.00 0 4.50 0 Completed 0.00
10/02/24 quietloom 1 40.00 0 4.50 0 Canceled 0.00
10/06/24 sagehollow 1 26.00 2.60 4.50 0 Completed 0.00
10/11/24 oakandash 1 19.90 0 4.50 1.55 Completed
10/17/24 thistlebay 2 47.00 0 0 0 Refunded 0.00
10/19/24 rivermoss 1 18.50 0 4.50 0 Completed 0.00
10/26/24 umberfox 1 95.00 9.50 0 7.60 Completed 0.00
11/01/24 pebblejar 1 12.00 0 4.50 0 Completed 0.00
11/05/24 quietloom 1 40.00 0 4.50 0 Completed 0.00
11/08/24 willowfern 2 64.00 6.40 0 0 Completed 40.10
11/12/24 violetkiln 1 33.30 0 4.50 0 Completed 0.00
11/16/24 - 2 41.00 0 0 2.90 Completed 30.00
11/20/24 sagehollow 1 26.00 0 4.50 0 Refunded 0.00
11/22/24 yarrowlane 1 29.00 0 4.50 0 Completed
11/29/24 oakandash 4 120.00 24.00 0 8.05 Completed 0.00
11/29/24 oakandash 1 16.00 0 4.50 0 Completed 0.00
12/03/24 zincandpine 1 38.00 0 4.50 0 Canceled 0.00
12/06/24 rivermoss 2 37.00 0 0 0 Completed 0.00
12/10/24 umberfox 1 95.00 0 0 8.31 Completed 78.31
12/14/24 heathersky 1 21.75 0 4.50 0 Completed 0.00
12/18/24 willowfern 1 32.00 0 4.50 0 Completed 0.00
12/19/24 violetkiln 1 11.00 0 4.50 0 Completed 0.00
12/21/24 sagehollow 2 52.00 5.20 0 0 Completed 0.00""".splitlines()
    rows = []
    for i, line in enumerate(orders):
        p = line.split()
        if len(p) == 8:
            p.append("")
        day, who, n, value, disc, ship, tax, status, adj = p
        total = D(value) - D(disc) + D(ship) + D(tax)
        fee = (total * D("0.03") + D("0.25")).quantize(C)
        who = "" if who == "-" else who
        adjusted = adj != "" and D(adj) != 0
        rows.append({"Sale Date": day, "Order ID": 3100450000 + i * 7919, "Buyer User ID": who, "Full Name": "Buyer Example", "First Name": "Buyer", "Last Name": "Example",
                     "Number of Items": n, "Payment Method": "Credit Card", "Date Shipped": "" if status != "Completed" else day, "Street 1": "1 Sample Street",
                     "Ship City": "Springfield", "Ship Zipcode": "01201", "Ship Country": "United States", "Currency": "USD", "Order Value": q(value),
                     "Coupon Code": "SAVE10" if D(disc) else "", "Discount Amount": q(disc), "Shipping Discount": "0.00", "Shipping": q(ship), "Sales Tax": q(tax),
                     "Order Total": q(total), "Status": status, "Card Processing Fees": q(fee), "Order Net": q(total - fee), "Adjusted Order Total": adj,
                     "Adjusted Card Processing Fees": q(fee) if adjusted else adj, "Adjusted Net Order Amount": q(D(adj) - fee) if adjusted else adj,
                     "Buyer": "Buyer Example (%s)" % who if who else "Buyer Example", "Order Type": "online", "Payment Type": "online_cc", "SKU": "K-%02d" % (i % 9)})
    rows.reverse()
    write("etsy.csv", head, rows, quote_all=True)


# ---------------------------------------------------------------- Square
def square():
    head = ["Date", "Time", "Time Zone", "Category", "Item", "Qty", "Price Point Name", "SKU", "Modifiers Applied", "Gross Sales", "Discounts", "Net Sales", "Tax", "Transaction ID",
            "Payment ID", "Device Name", "Notes", "Details", "Event Type", "Location", "Dining Option", "Customer ID", "Customer Name", "Customer Reference ID"]
    ids = {"A": "A1XK9W2M7Q4T8V", "B": "B5NP3R6Z0L1C9D", "C": "C7HJ2F4S8G6Y3K", "D": "D0VM5T1B9X7E2W", "E": "E3QZ8N6R4P2L0A", "F": "F9CY1K7D5H3J6M", "G": "G2SW4V0T8B6X1N",
           "H": "H6EL3A9Q5Z7R2P", "I": "I8GD0J2M4K6C1F", "J": "J4TX7B5V3N9H0S"}
    # date, time, transaction, customer, item, qty, gross, discount, event
    lines = """2025-01-07 09:12:44 T01 A Latte 2 9.00 0 P
2025-01-07 09:12:44 T01 A Croissant 1 3.50 0 P
2025-01-10 12:30:00 T02 - Espresso 1 3.00 0 P
2025-01-10 12:30:00 T02 - Beans_250_g 1 11.00 0 P
2025-01-14 10:05:31 T03 B Grinder 1 45.00 0 P
2025-01-18 16:40:12 T04 C Beans_1_kg 1 36.00 3.60 P
2025-01-18 16:40:12 T04 . Filter_papers 2 8.00 0 P
2025-01-25 11:11:11 T05 A Latte 1 4.50 0 P
2025-01-31 08:55:03 T06 D Beans_250_g 3 33.00 0 P
2025-02-03 08:20:00 R06 D Beans_250_g -1 -11.00 0 R
2025-02-06 14:14:14 T07 E Machine 1 1249.00 50.00 P
2025-02-06 14:14:14 T07 E Beans_1_kg 2 72.00 0 P
2025-02-12 09:00:00 T08 B Beans_1_kg 1 36.00 0 P
2025-02-15 17:25:40 T09 - Latte 1 4.50 0 P
2025-02-15 17:31:02 R09 - Latte -1 -4.50 0 R
2025-02-19 13:00:27 T10 F Mug 2 24.00 0 P
2025-02-22 13:10:00 R10 F Mug -1 -12.00 0 R
2025-02-26 10:48:09 T11 C Espresso 1 3.00 0 P
2025-02-26 15:02:50 T12 C Cake 2 9.80 0.98 P
2025-03-03 09:30:30 T13 G Grinder 1 45.00 0 P
2025-03-08 09:45:00 T13 G Grinder -1 -45.00 0 R
2025-03-11 12:12:12 T14 H Latte 2 9.00 0 P
2025-03-11 12:12:12 T14 H Cake 1 4.90 0 P
2025-03-15 18:00:00 T15 A Beans_250_g 1 11.00 1.10 P
2025-03-15 18:00:00 T15 A Mug 1 12.00 0 P
2025-03-19 12:00:00 T15 A Mug -1 -12.00 0 R
2025-03-21 08:08:08 T16 I Croissant 6 21.00 0 P
2025-03-27 10:10:10 T17 E Beans_1_kg 2 72.00 0 P
2025-04-01 16:20:00 T18 D Filter_papers 1 4.00 0 P
2025-04-05 11:05:00 T19 H Espresso 1 3.00 0 P
2025-04-09 09:20:00 R20 J Gift_card -1 -25.00 0 R
2025-04-12 14:50:00 T21 - Machine 1 1249.00 0 P
2025-04-14 10:00:00 T22 B Latte 1 4.50 0 P
2025-04-14 10:00:00 T22 B Tasting_sample 1 0.00 0 P
2025-04-16 09:15:15 T23 F Beans_250_g 2 22.00 0 P
2025-04-18 17:45:00 T24 A Beans_1_kg 1 36.00 0 P""".splitlines()

    def money(x):
        x = D(x)
        return ("-" if x < 0 else "") + "${:,.2f}".format(abs(x))

    rows = []
    for line in lines:
        day, time, t, who, item, n, gross, disc, event = line.split()
        net = D(gross) - D(disc)
        tax = (net * D("0.07")).quantize(C, rounding=ROUND_HALF_UP)
        cid = ids.get(who, "")
        rows.append([day, time, "Eastern Time (US & Canada)", "Food" if item in ("Croissant", "Cake") else "Coffee", item.replace("_", " "), n + ".0", "Regular", "", "", money(gross),
                     money(-D(disc)), money(net), money(tax), "tx" + t + "Zq8LmB2v", "py" + t + "Kw3Nd", "Till 1", "", "https://example.org/receipt/" + t,
                     "Payment" if event == "P" else "Refund", "High Street", "", cid, "Customer Example" if cid else "", ""])
    rows.sort(key=lambda r: r[:2], reverse=True)  # newest first; the lines of one receipt stay in their order
    write("square.csv", head, rows)


# ---------------------------------------------------------------- Stripe
def stripe():
    head = ["id", "Description", "Seller Message", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Converted Amount", "Converted Amount Refunded", "Fee", "Taxes On Fee",
            "Converted Currency", "Status", "Statement Descriptor", "Customer ID", "Customer Description", "Customer Email", "Captured", "Card ID", "Invoice ID", "Transfer",
            "Refunded date (UTC)", "Disputed Amount", "Decline Reason"]
    # day time, amount, refunded, currency, converted, converted refunded, status, customer, email, captured, refund date
    lines = """2024-07-02 08:15|49.00|0.00|eur|49.00|0.00|Paid|cus_QaA1|anna@example.org|true|
2024-07-05 11:20|120.00|0.00|usd|110.64|0.00|Paid|cus_QaB2|ben@example.org|true|
2024-07-09 13:02|35.50|10.00|eur|35.50|10.00|Paid|cus_QaC3|clara@example.org|true|2024-07-12 09:00
2024-07-14 19:44|80.00|80.00|gbp|94.88|94.88|Refunded|cus_QaD4|dora@example.org|true|2024-07-20 10:30
2024-07-18 07:31|49.00|0.00|eur|49.00|0.00|Failed|cus_QaE5|emil@example.org|false|
2024-07-18 07:36|49.00|0.00|eur|49.00|0.00|Paid|cus_QaE5|emil@example.org|true|
2024-07-24 16:05|18.00|0.00|eur|18.00|0.00|Paid||fred@example.org|true|
2024-07-30 21:12|64.00|0.00|usd|59.05|0.00|Paid||ANNA@example.org|true|
2024-08-02 08:15|49.00|0.00|eur|49.00|0.00|Paid|cus_QaA1|anna@example.org|true|
2024-08-06 10:10|200.00|0.00|usd|||Failed|cus_QaB2|ben@example.org|false|
2024-08-06 10:14|200.00|50.00|usd|183.20|45.80|Paid|cus_QaB2|ben@example.org|true|2024-08-15 12:00
2024-08-11 12:48|75.00|0.00|eur|75.00|0.00|Paid|cus_QaF6|gina@example.org|false|
2024-08-15 14:00|27.30|0.00|eur|27.30|0.00|Paid||Fred@Example.org|true|
2024-08-19 09:09|90.00|0.00|gbp|105.93|0.00|Paid|cus_QaG7|hugo@example.org|true|
2024-08-23 15:55|12.00|0.00|eur|12.00|0.00|Paid|||true|
2024-08-28 18:30|42.00|0.00|eur|42.00|0.00|Paid|cus_QaH8|ina@example.org|true|
2024-09-02 08:15|49.00|49.00|eur|49.00|49.00|Refunded|cus_QaA1|anna@example.org|true|2024-09-04 11:11
2024-09-05 20:20|42.00|0.00|eur|42.00|0.00|Paid|cus_QaI9|ina@example.org|true|
2024-09-08 06:45|21.00|0.00|eur|21.00|0.00|Paid||ina@example.org|true|
2024-09-12 10:40|35.50|0.00|eur|35.50|0.00|Paid|cus_QaC3|clara@example.org|true|
2024-09-16 13:37|1500.00|0.00|usd|1357.50|0.00|Paid|cus_QaJ0|jon@example.org|true|
2024-09-19 17:17|99.00|0.00|eur|99.00|0.00|Failed|cus_QaK1|kira@example.org|false|
2024-09-24 11:05|55.00|54.99|eur|55.00|54.99|Paid|cus_QaL2|lars@example.org|true|2024-09-30 08:00
2024-09-30 23:59|33.00|0.00|gbp|39.60|0.00|Paid|cus_QaG7|hugo@example.org|true|
2024-10-02 08:15|49.00|0.00|eur|49.00|0.00|Paid|cus_QaA1|anna@example.org|true|
2024-10-07 09:30|18.00|0.00|eur|18.00|0.00|Paid|cus_QaE5|emil@example.org|true|
2024-10-10 12:12|64.00|0.00|usd|58.30|0.00|Paid|cus_QaC3|clara@example.org|true|
2024-10-13 19:00|10.00|0.00|eur|10.00|0.00|Paid|cus_QaH8|ina@example.org|true|
2024-10-16 15:45|80.00|0.00|gbp|95.76|0.00|Paid|cus_QaM3|mona@example.org|true|
2024-10-18 08:08|29.90|0.00|eur|29.90|0.00|Paid|cus_QaJ0|jon@example.org|true|""".splitlines()
    rows = []
    for i, line in enumerate(lines):
        day, amount, back, cur, conv, cback, status, cus, mail, captured, rdate = line.split("|")
        fee = q(D(conv) * D("0.015") + D("0.25")) if conv and status != "Failed" and captured == "true" else "0.00"
        rows.append(["ch_3Px%02dE2eZvKY" % i, "Order %d" % (7000 + i), "Payment complete." if status != "Failed" else "The bank declined the payment.", day, amount, back, cur, conv, cback, fee,
                     "0.00", "eur", status, "LEAF AND POT", cus, "", mail, captured, "card_1Px%02d" % i, "", "po_1Pw%02d" % (i // 5), rdate, "",
                     "insufficient_funds" if status == "Failed" else ""])
    rows.reverse()
    write("stripe.csv", head, rows)


# ---------------------------------------------------------------- Amazon
def amazon():
    head = ["amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel", "order-channel", "url", "ship-service-level",
            "product-name", "sku", "asin", "item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
            "item-promotion-discount", "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids"]
    rows = []
    for i in range(24):
        month, day = 4 + i // 7, 2 + (i * 5) % 27
        second = i in (5, 12, 18)  # a second line of the order before it
        no = i - 1 if second else i
        if second:
            month, day = 4 + (i - 1) // 7, 2 + ((i - 1) * 5) % 27
        status = "Cancelled" if i in (3, 20) else "Shipped"
        item = "Cancelled" if i in (3, 12, 20) else "Shipped"  # 12: cancelled, with a price, within an order that is Shipped
        price = "" if i == 3 else q(D("9.90") + i * D("1.35"))
        stamp = "2024-%02d-%02dT%02d:14:%02d+00:00" % (month, day, 6 + no % 15, no)
        rows.append(["302-%07d-%07d" % (4410000 + no * 317, 9000000 + no * 911), "", stamp, stamp, status, "Amazon" if i % 3 else "Merchant", "Amazon.example", "", "", "Standard",
                     "Tea no. %d" % (i % 6 + 1), "TEA-%d" % (i % 6 + 1), "B0EXAMPLE%d" % (i % 6), item, "1" if item == "Shipped" else "0", "EUR", price, q(D(price or 0) * D("0.07")), "0.00", "0.00",
                     "", "", "", "", ["Hamburg", "Lyon", "Graz", "Ghent"][no % 4], "", "%05d" % (20095 + no * 13), ["DE", "FR", "AT", "BE"][no % 4], ""])
    write("amazon.txt", head, rows, sep="\t")


# ---------------------------------------------------------------- Magento
def magento():
    head = ["ID", "Purchase Point", "Purchase Date", "Bill-to Name", "Ship-to Name", "Grand Total (Base)", "Grand Total (Purchased)", "Status", "Billing Address", "Shipping Address",
            "Shipping Information", "Customer Email", "Customer Group", "Subtotal", "Shipping and Handling", "Customer Name", "Payment Method", "Total Refunded"]
    # date, e-mail, base, purchased, status, group, refunded
    lines = """Oct 3, 2024 08:12:40 AM|anna@example.org|54.9000|54.9000|Complete|General|
Oct 9, 2024 02:33:10 PM|ben@example.org|120.0000|114.0000|Complete|General|
Oct 14, 2024 11:59:59 PM|CLARA@example.org|33.2500|33.2500|Complete|NOT LOGGED IN|
Oct 20, 2024 09:00:01 AM|dora@example.org|75.0000|75.0000|Closed|General|75.0000
Oct 25, 2024 06:45:00 PM|anna@example.org|18.4000|18.4000|Canceled|General|
Oct 31, 2024 12:30:00 PM|emil@example.org|42.0000|42.0000|Complete|Wholesale|12.0000
Nov 4, 2024 10:21:33 AM|fred@example.org|210.5000|199.9800|Complete|Wholesale|
Nov 8, 2024 12:05:00 AM|clara@example.org|27.8000|27.8000|Complete|NOT LOGGED IN|
Nov 13, 2024 03:14:15 PM|gina@example.org|15.0000|15.0000|Pending|General|
Nov 17, 2024 08:40:20 AM|hugo@example.org|61.3300|61.3300|Complete|General|
Nov 21, 2024 07:07:07 PM|anna@example.org|88.1000|83.7000|Complete|General|
Nov 26, 2024 01:00:00 PM|ina@example.org|49.9500|49.9500|Complete|NOT LOGGED IN|
Nov 29, 2024 09:15:00 AM|fred@example.org|1340.0000|1273.0000|Complete|Wholesale|
Nov 29, 2024 09:55:00 PM|fred@example.org|64.0000|64.0000|Complete|Wholesale|64.0000
Dec 2, 2024 10:10:10 AM|jon@example.org|37.6000|37.6000|Pending Payment|General|
Dec 5, 2024 04:44:00 PM|emil@example.org|58.0000|58.0000|Complete|Wholesale|
Dec 9, 2024 11:20:00 AM|ben@example.org|22.2500|22.2500|Complete|General|5.0000
Dec 12, 2024 08:08:08 AM|kira@example.org|96.4000|91.6000|Complete|General|
Dec 16, 2024 02:22:22 PM|gina@example.org|15.0000|15.0000|Complete|General|
Dec 19, 2024 05:35:00 PM|lars@example.org|30.0000|30.0000|Canceled|General|
Dec 27, 2024 10:00:00 AM|hugo@example.org|44.4400|44.4400|Complete|General|
Jan 3, 2025 09:09:09 AM|Anna@Example.org|12.9900|12.9900|Complete|General|
Jan 8, 2025 03:03:03 PM|ina@example.org|71.0000|67.4500|Complete|NOT LOGGED IN|
Jan 13, 2025 12:12:12 PM|mona@example.org|25.5000|25.5000|Processing|General|
Jan 17, 2025 06:18:00 PM|kira@example.org|0.0000|0.0000|Complete|General|
Jan 20, 2025 08:50:00 AM|emil@example.org|83.7500|83.7500|Processing|Wholesale|""".splitlines()
    rows = []
    for i, line in enumerate(lines):
        day, mail, base, bought, status, group, back = line.split("|")
        name = mail.split("@")[0].title() + " Example"
        rows.append(["%09d" % (2000000341 + i), "Main Website Main Website Store Default Store View", day, name, name, base, bought, status, "1 Sample Street,Springfield,01201",
                     "1 Sample Street,Springfield,01201", "Flat Rate - Fixed", mail, group, base, "0.0000", name, "checkmo", back])
    write("magento.csv", head, rows, quote_all=True)


# ---------------------------------------------------------------- BigCommerce
def bigcommerce():
    head = ["Order ID", "Customer ID", "Customer Name", "Customer Email", "Customer Phone", "Order Date", "Order Time", "Order Status", "Subtotal (inc tax)", "Subtotal (ex tax)", "Tax Total",
            "Shipping Cost (inc tax)", "Shipping Cost (ex tax)", "Ship Method", "Handling Cost (inc tax)", "Handling Cost (ex tax)", "Store Credit Redeemed", "Gift Certificate Amount Redeemed",
            "Coupon Details", "Order Total (inc tax)", "Order Total (ex tax)", "Payment Method", "Total Quantity", "Total Shipped", "Date Shipped", "Order Currency Code", "Exchange Rate",
            "Order Notes", "Customer Message", "Billing Country", "Product Details", "Refund Amount", "Channel ID", "Channel Name"]
    # date, id, e-mail, phone, status, ex tax subtotal, shipping ex tax, refund
    lines = """02/03/2025 14 anna@example.org - Completed 40.00 5.00 0
02/07/2025 15 ben@example.org - Shipped 85.00 0 0
02/12/2025 0 clara@example.org - Completed 22.00 5.00 0
02/14/2025 16 dora@example.org - Refunded 60.00 5.00 full
02/19/2025 0 - 5550100163 Completed 18.00 5.00 0
02/24/2025 14 anna@example.org - Completed 36.50 5.00 11.00
02/28/2025 17 emil@example.org - Cancelled 99.00 0 0
03/03/2025 0 CLARA@Example.org - Completed 31.00 5.00 0
03/06/2025 18 fred@example.org - Completed 54.00 5.00 0
03/11/2025 0 ben@example.org - Completed 12.00 5.00 0
03/15/2025 19 gina@example.org - Pending 45.00 5.00 0
03/18/2025 20 hugo@example.org - Completed 27.25 5.00 0
03/22/2025 0 - - Completed 15.00 0 0
03/27/2025 15 ben@example.org - Partially_Refunded 70.00 0 25.00
04/01/2025 18 fred@example.org - Declined 54.00 5.00 0
04/01/2025 18 fred@example.org - Completed 54.00 5.00 0
04/05/2025 21 ina@example.org - Completed 199.00 0 0
04/08/2025 0 - 5550100163 Completed 9.50 5.00 0
04/12/2025 22 jon@example.org - Shipped 33.00 5.00 0
04/16/2025 14 anna@example.org - Completed 64.00 0 0
04/19/2025 23 kira@example.org - Awaiting_Payment 41.00 5.00 0
04/23/2025 20 hugo@example.org - Completed 27.25 5.00 0
04/26/2025 16 dora@example.org - Cancelled 60.00 5.00 0
04/30/2025 24 lars@example.org - Completed 0.00 0 0
05/05/2025 21 ina@example.org - Awaiting_Fulfillment 48.00 5.00 0
05/08/2025 0 mona@example.org - Completed 75.00 0 0
05/10/2025 22 jon@example.org - Completed 16.75 5.00 0
05/12/2025 15 ben@example.org - Shipped 1105.00 0 0""".splitlines()
    rows = []
    for i, line in enumerate(lines):
        day, cid, mail, phone, status, sub, ship, back = line.split()
        mail, phone, status = mail.replace("-", ""), phone.replace("-", ""), status.replace("_", " ")
        ex = D(sub) + D(ship)
        tax = (ex * D("0.10")).quantize(C, rounding=ROUND_HALF_UP)
        total = ex + tax
        shipped = status in ("Completed", "Shipped", "Refunded", "Partially Refunded")
        rows.append({"Order ID": 1200 + i, "Customer ID": cid, "Customer Name": "Customer Example", "Customer Email": mail, "Customer Phone": phone, "Order Date": day, "Order Time": "%02d:15:00" % (8 + i % 12),
                     "Order Status": status, "Subtotal (inc tax)": q(D(sub) * D("1.1")), "Subtotal (ex tax)": q(sub), "Tax Total": q(tax), "Shipping Cost (inc tax)": q(D(ship) * D("1.1")),
                     "Shipping Cost (ex tax)": q(ship), "Ship Method": "Flat rate", "Handling Cost (inc tax)": "0.00", "Handling Cost (ex tax)": "0.00", "Store Credit Redeemed": "0.00",
                     "Gift Certificate Amount Redeemed": "0.00", "Order Total (inc tax)": q(total), "Order Total (ex tax)": q(ex), "Payment Method": "Card", "Total Quantity": 1 + i % 3,
                     "Total Shipped": 1 + i % 3 if shipped else 0, "Date Shipped": day if shipped else "", "Order Currency Code": "AUD", "Exchange Rate": "1.0000000000", "Billing Country": "Australia",
                     "Product Details": "Product ID: %d, Product Qty: %d, Product Name: Item %d" % (40 + i % 5, 1 + i % 3, i % 5), "Refund Amount": q(total if back == "full" else back), "Channel ID": 1,
                     "Channel Name": "Web"})
    write("bigcommerce.csv", head, rows)


# ---------------------------------------------------------------- WooCommerce
def woocommerce():
    head = ["order_id", "order_number_formatted", "order_number", "date", "status", "order_shipping", "order_shipping_tax", "order_fees", "order_fee_tax", "order_tax", "cart_discount", "order_discount",
            "discount_total", "order_total", "order_currency", "payment_method", "shipping_method", "customer_user", "billing_first_name", "billing_last_name", "billing_company", "billing_email",
            "billing_phone", "billing_address_1", "billing_postcode", "billing_city", "billing_country", "shipping_first_name", "shipping_last_name", "shipping_city", "shipping_country",
            "customer_note", "order_item_1", "order_item_2", "order_item_3"]
    # date, status, user, e-mail, items total, shipping, number of items
    lines = """2024-03-02 09:14:02|completed|21|anna@example.org|46.00|3.50|2
2024-03-07 18:22:45|completed||ben@example.org|19.90|3.50|1
2024-03-12 11:11:00|processing|22|clara@example.org|87.40|0|3
2024-03-15 07:40:31|refunded|23|dora@example.org|35.00|3.50|1
2024-03-20 20:02:19|completed|0|BEN@example.org|24.00|3.50|1
2024-03-25 13:55:00|cancelled|24|emil@example.org|58.00|0|2
2024-03-29 10:30:10|completed|0|anna@example.org|12.75|3.50|1
2024-04-03 16:45:00|failed|25|fred@example.org|64.00|0|2
2024-04-03 16:52:00|completed|25|fred@example.org|64.00|0|2
2024-04-09 08:08:08|completed|26|gina@example.org|41.20|3.50|2
2024-04-13 21:15:00|on-hold|27|hugo@example.org|29.00|3.50|1
2024-04-18 12:00:00|completed|21|anna@example.org|33.30|3.50|1
2024-04-22 19:19:19|completed||ina@example.org|15.50|3.50|1
2024-04-27 09:45:00|completed|28|jon@example.org|102.00|0|3
2024-05-02 14:20:00|completed|22|clara@example.org|21.00|3.50|1
2024-05-06 10:00:00|completed|29|jon@example.org|18.00|3.50|1
2024-05-11 17:30:00|completed|0|jon@example.org|27.00|3.50|1
2024-05-15 08:25:00|pending|0|kira@example.org|44.00|0|2
2024-05-19 22:10:00|completed|26|gina@example.org|39.99|3.50|1
2024-05-24 11:35:00|refunded|21|anna@example.org|26.50|3.50|1
2024-05-28 15:50:00|completed|0||9.00|0|1
2024-06-01 09:00:00|completed|30|lars@example.org|71.25|0|2
2024-06-05 18:05:00|processing|0|ben@example.org|16.10|3.50|1
2024-06-08 12:40:00|completed|27|hugo@example.org|29.00|3.50|1
2024-06-11 20:30:00|completed|25|fred@example.org|48.60|0|2
2024-06-13 07:15:00|processing|22|clara@example.org|55.00|0|2""".splitlines()
    rows = []
    for i, line in enumerate(lines):
        day, status, user, mail, items, ship, n = line.split("|")
        n = int(n)
        first = (mail.split("@")[0] or "guest").title()
        r = {"order_id": 5120 + i * 3, "order_number_formatted": "W-%d" % (880 + i), "order_number": 880 + i, "date": day, "status": status, "order_shipping": q(ship), "order_shipping_tax": "0.00",
             "order_fees": "0.00", "order_fee_tax": "0.00", "order_tax": "0.00", "cart_discount": "0.00", "order_discount": "0.00", "discount_total": "0.00", "order_total": q(D(items) + D(ship)),
             "order_currency": "GBP", "payment_method": "cod" if status in ("pending", "on-hold") else "stripe", "shipping_method": "flat_rate", "customer_user": user, "billing_first_name": first,
             "billing_last_name": "Example", "billing_email": mail, "billing_city": "Sampleton", "billing_country": "GB", "shipping_first_name": first, "shipping_last_name": "Example",
             "shipping_city": "Sampleton", "shipping_country": "GB"}
        part = (D(items) / n).quantize(C)
        for k in range(n):
            price = part if k < n - 1 else D(items) - part * (n - 1)
            r["order_item_%d" % (k + 1)] = "name:Item %d|product_id:%d|sku:S%d|quantity:1|total:%s|tax:0.00" % ((i + k) % 7, 60 + (i + k) % 7, (i + k) % 7, q(price))
        rows.append(r)
    write("woocommerce.csv", head, rows)


# ---------------------------------------------------------------- PayPal
def paypal():
    head = ["Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "From Email Address", "To Email Address", "Transaction ID", "Item Title", "Item ID",
            "Shipping and Handling Amount", "Sales Tax", "Reference Txn ID", "Invoice Number", "Custom Number", "Quantity", "Receipt ID", "Balance", "Country", "Subject", "Note", "Balance Impact"]
    # date, type (P payment, R refund of row n, W withdrawal), status, gross, e-mail
    lines = """08/05/2024 P Completed 35.00 anna@example.org
08/09/2024 P Completed 62.40 ben@example.org
08/14/2024 P Completed 18.90 clara@example.org
08/16/2024 R2 Completed -62.40 ben@example.org
08/20/2024 P Denied 44.00 dora@example.org
08/20/2024 P Completed 44.00 dora@example.org
08/27/2024 W Completed -120.00 -
09/01/2024 P Completed 27.50 Anna@Example.org
09/04/2024 P Pending 80.00 emil@example.org
09/09/2024 P Completed 15.25 fred@example.org
09/13/2024 P Completed 1,250.00 gina@example.org
09/17/2024 R11 Completed -250.00 gina@example.org
09/21/2024 P Completed 33.00 hugo@example.org
09/26/2024 P Completed 22.10 clara@example.org
09/30/2024 W Completed -1,000.00 -
10/03/2024 P Completed 35.00 anna@example.org
10/08/2024 P Completed 58.00 ina@example.org
10/11/2024 R17 Completed -8.00 ina@example.org
10/15/2024 P Completed 12.00 jon@example.org
10/19/2024 P Denied 95.00 kira@example.org
10/23/2024 P Completed 40.60 fred@example.org
10/26/2024 R21 Pending -40.60 fred@example.org
10/30/2024 W Pending -300.00 -
11/02/2024 P Completed 71.00 dora@example.org
11/06/2024 P Completed 26.80 lars@example.org
11/09/2024 P Completed 19.95 hugo@example.org
11/12/2024 R3 Completed -18.90 clara@example.org
11/15/2024 P Completed 64.00 emil@example.org
11/18/2024 P Completed 31.00 GINA@EXAMPLE.ORG
11/20/2024 P Completed 27.50 anna@example.org""".splitlines()
    ids = ["%dX%05dP%03dQ" % (1 + i % 9, 40213 + i * 1777 % 59000, 111 + i * 29) for i in range(len(lines))]
    rows = []
    for i, line in enumerate(lines):
        day, kind, status, gross, mail = line.split()
        g = D(gross.replace(",", ""))
        mail = "" if mail == "-" else mail
        fee = -(g * D("0.0249") + D("0.35")).quantize(C) if kind == "P" and status == "Completed" else D(0)
        typ = {"P": "Express Checkout Payment", "R": "Payment Refund", "W": "General Withdrawal"}[kind[0]]
        rows.append({"Date": day, "Time": "%02d:%02d:10" % (7 + i % 14, (i * 11) % 60), "TimeZone": "CET", "Name": mail.split("@")[0].title() + " Example" if mail else "", "Type": typ, "Status": status,
                     "Currency": "EUR", "Gross": gross, "Fee": q(fee), "Net": "{:,.2f}".format(g + fee), "From Email Address": mail, "To Email Address": "shop@example.org" if mail else "",
                     "Transaction ID": ids[i], "Item Title": "Order" if kind[0] != "W" else "", "Reference Txn ID": ids[int(kind[1:]) - 1] if kind[0] == "R" else "", "Invoice Number": "",
                     "Quantity": "1" if kind[0] == "P" else "", "Country": "Germany" if mail else "", "Balance Impact": "Credit" if g > 0 else "Debit"})
    rows.reverse()
    write("paypal.csv", head, rows, bom=True, quote_all=True)


# ---------------------------------------------------------------- UCI
def uci():
    head = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    names = {"85123A": "HANGING HEART T-LIGHT HOLDER", "71053": "METAL LANTERN", "84406B": "CREAM COAT HANGER", "22752": "SET 7 NESTING BOXES", "21730": "GLASS STAR HOLDER", "22633": "HAND WARMER",
             "22632": "HAND WARMER RED DOT", "84879": "ASSORTED COLOUR BIRD", "22745": "BOX OF BLOCKS", "POST": "POSTAGE", "M": "Manual", "DOT": "DOTCOM POSTAGE", "D": "Discount", "BANK CHARGES": "Bank Charges",
             "47566": "PARTY BUNTING, STRIPED", "B": "Adjust bad debt"}
    lines = """536365|85123A|6|2/3/2024 8:26|2.55|17850|United Kingdom
536365|71053|6|2/3/2024 8:26|3.39|17850|United Kingdom
536365|84406B|8|2/3/2024 8:26|2.75|17850|United Kingdom
536370|22752|2|2/9/2024 10:03|7.65|12583|France
536370|POST|3|2/9/2024 10:03|18|12583|France
536401|21730|6|2/14/2024 12:41|4.25||United Kingdom
536401|22633|1|2/14/2024 12:41|1.85||United Kingdom
536415|84879|32|2/19/2024 9:00|1.69|13047|United Kingdom
536415|22745|6|2/19/2024 9:00|2.1|13047|United Kingdom
536415|22745|6|2/19/2024 9:00|2.1|13047|United Kingdom
C536420|85123A|-2|2/21/2024 16:30|2.55|17850|United Kingdom
536433|22632|12|2/27/2024 14:05|1.85|14688|United Kingdom
536451|47566|4|3/5/2024 11:15|4.95|12791|Netherlands
536451|POST|1|3/5/2024 11:15|15|12791|Netherlands
C536460|22752|-1|3/8/2024 9:30|7.65|15311|United Kingdom
536471|85123A|12|3/12/2024 10:44|2.55|17850|United Kingdom
536488|71053|24|3/18/2024 15:20|3.39|13408|United Kingdom
536488|84406B|16|3/18/2024 15:20|2.75|13408|United Kingdom
C536490|D|-1|3/20/2024 8:00|27.5|13408|United Kingdom
536502|22633|6|3/25/2024 13:13|1.85|13047|United Kingdom
536515|DOT|1|3/29/2024 17:01|569.77||United Kingdom
536515|21730|3|3/29/2024 17:01|8.29||United Kingdom
536530|22745|10|4/4/2024 9:42|2.1|12583|France
536530|84879|16|4/4/2024 9:42|1.69|12583|France
536544|22752|1|4/10/2024 10:10|0|12647|Germany
536550|22632|-10|4/13/2024 12:00|0||United Kingdom
536561|M|1|4/16/2024 11:30|35.95|16098|United Kingdom
536561|47566|2|4/16/2024 11:30|4.95|16098|United Kingdom
536570|85123A|6|4/22/2024 16:16|2.95|17850|United Kingdom
536570|22633|12|4/22/2024 16:16|1.85|17850|United Kingdom
C536571|47566|-4|4/24/2024 9:05|4.95|12791|Netherlands
C536571|POST|-1|4/24/2024 9:05|15|12791|Netherlands
536590|71053|6|5/2/2024 14:50|3.39|13047|United Kingdom
C536601|BANK CHARGES|-1|5/7/2024 10:00|15.5|15311|United Kingdom
536612|84406B|24|5/11/2024 12:12|2.75|14688|United Kingdom
536620|22745|4|5/14/2024 9:18|2.1|12431|Australia
536620|21730|6|5/14/2024 9:18|4.25|12431|Australia
A536622|B|1|5/15/2024 14:50|250||United Kingdom
536633|22752|3|5/17/2024 11:11|7.65|13408|United Kingdom
536640|85123A|3|5/20/2024 8:35|2.95|17850|United Kingdom
536641|47566|5|5/20/2024 15:40|4.95|17850|United Kingdom""".splitlines()
    rows = []
    for line in lines:
        no, code, n, day, price, cus, land = line.split("|")
        rows.append([no, code, names[code], n, day, price, cus, land])
    write("uci.csv", head, rows)


# ---------------------------------------------------------------- German
def german():
    head = ["Bestellnummer", "Kundennummer", "Bestelldatum", "Artikel", "Menge", "Einzelpreis", "Status"]
    lines = """40101;K-1007;02.10.2024;Teekanne, groß;1;39,90;versendet
40101;K-1007;02.10.2024;Früchtetee 100 g;3;6,45;versendet
40102;K-1012;08.10.2024;Müslischale;4;11,20;bezahlt
40103;K-1015;12.10.2024;Espressomaschine;1;1.249,00;versendet
40103;K-1015;12.10.2024;Bohnen 1 kg;2;18,95;versendet
40103;K-1015;12.10.2024;Tasse;6;7,50;storniert
40104;K-1019;17.10.2024;Teekanne, groß;1;39,90;storniert
40104;K-1019;17.10.2024;Untersetzer;2;3,25;storniert
40105;K-1007;23.10.2024;Honig;2;5,80;versendet
40106;;25.10.2024;Früchtetee 100 g;1;6,45;bezahlt
40107;K-1023;31.10.2024;Bohnen 1 kg;3;18,95;versendet
40108;K-1012;05.11.2024;Müslischale;1;11,20;offen
40109;K-1028;09.11.2024;Geschenkkorb;2;54,00;erstattet
40109;K-1028;09.11.2024;Honig;1;5,80;erstattet
40110;K-1031;14.11.2024;Tasse;4;7,50;abgeschlossen
40110;K-1031;14.11.2024;Untersetzer;4;3,25;abgeschlossen
40111;K-1015;19.11.2024;Bohnen 1 kg;5;17,95;versendet
40112;K-1023;22.11.2024;Milchaufschäumer;1;24,99;versendet
40113;K-1034;26.11.2024;Geschenkkorb;1;54,00;versendet
40113;K-1034;26.11.2024;Grußkarte;1;0,00;versendet
40114;K-1007;29.11.2024;Geschenkkorb;3;54,00;versendet
40115;K-1023;02.12.2024;Milchaufschäumer;-1;24,99;versendet
40116;K-1037;05.12.2024;Probierset;1;0,00;versendet
40117;K-1012;09.12.2024;Teekanne, groß;1;39,90;versendet
40117;K-1012;09.12.2024;Früchtetee 100 g;2;6,45;versendet
40118;K-1040;12.12.2024;Bohnen 1 kg;1;18,95;storniert
40119;K-1031;16.12.2024;Honig;3;5,80;erstattet
40120;K-1043;18.12.2024;Espressotassen;10;112,50;versendet
40121;0;20.12.2024;Tasse;1;7,50;versendet
40122;K-1034;23.12.2024;Früchtetee 100 g;4;6,45;versendet
40123;K-1015;27.12.2024;Reinigungsset;1;12,35;versendet
40123;K-1015;27.12.2024;Bohnen 1 kg;2;18,95;versendet
40124;K-1007;30.12.2024;Untersetzer;6;3,25;bezahlt
40125;K-1046;31.12.2024;Teekanne, groß;1;39,90;bezahlt""".splitlines()
    write("german.csv", head, [line.split(";") for line in lines], sep=";", eol="\r\n")


# ---------------------------------------------------------------- the other refusals and CDNOW
def two_currencies():
    head = ["order_id", "customer_id", "order_date", "total", "currency", "status"]
    people = ["C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10"]
    rows = []
    for i in range(24):
        rows.append([8001 + i, people[(i * 7 + i // 10) % 10], "2024-%02d-%02d" % (3 + i // 6, 3 + (i * 4) % 25), q(D("17.30") + i * D("3.15")), "USD" if i % 5 in (1, 3) else "EUR", "paid"])
    write("two_currencies.csv", head, rows)


def mdy_ambiguous():
    head = ["order_id", "customer_id", "order_date", "total"]
    days = "5/9 2/11 7/3 4/4 9/1 3/12 1/6 8/8 6/2 10/5 2/2 12/7 5/10 11/3 4/9 7/12 1/1 3/8 9/6 6/11 8/4 10/10 12/2 11/5".split()
    rows = [[9001 + i, "C%02d" % (1 + (i * 5) % 11), d + "/2024", q(D("12.40") + i * D("2.05"))] for i, d in enumerate(days)]
    write("mdy_ambiguous.csv", head, rows)


def cdnow():
    lines = """00004 20240102 2 29.33|00018 20240104 1 14.96|00021 20240113 2 63.34|00050 20240115 1 6.79|00071 20240119 1 13.97|00086 20240124 2 23.94|00111 20240131 1 35.99|
        00112 20240203 1 11.77|00113 20240209 1 11.77|00004 20240218 2 29.73|00021 20240222 1 11.77|00018 20240301 1 12.99|00117 20240305 3 41.97|00004 20240309 1 14.96|00111 20240312 2 26.14|
        00111 20240312 1 0.00|00086 20240320 1 15.36|00123 20240322 1 12.77|00050 20240329 1 13.97|00117 20240402 6 102.40|00021 20240408 1 9.49|00113 20240411 1 0.00|00004 20240415 2 26.48|
        00131 20240418 2 28.27|00111 20240424 3 38.50|00086 20240429 1 11.49|00123 20240503 1 9.77|00123 20240503 2 22.54|00133 20240507 1 11.99|00004 20240511 1 14.37|00117 20240515 1 15.88|
        00018 20240519 1 17.31|00111 20240523 1 13.49|00133 20240527 1 14.99|00021 20240530 4 77.07|00086 20240603 1 12.77|00131 20240605 1 10.77|00004 20240608 1 23.74|00117 20240610 2 31.33|
        00112 20240612 5 77.00"""
    parts = sorted(p.split() for p in lines.replace("\n", "").split("|"))
    text = " customer_id  date number_of_cds  dollar_value\r\n"
    for c, d, n, m in parts:
        text += " %5s %8s %2s %7s\r\n" % (c, d, n, m)
    with open(os.path.join(HERE, "cdnow.txt"), "w", newline="") as f:
        f.write(text)


for make in (shopify, shopify_customers, two_states, etsy, square, stripe, amazon, magento, bigcommerce, woocommerce, paypal, uci, german, two_currencies, mdy_ambiguous, cdnow):
    make()
