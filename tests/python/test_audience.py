"""Lists to send: the hashes that platforms compare, and who is held out, computed apart with hashlib."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys

import pytest

import tribus

GOOGLE = ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"]
META = ["email", "phone", "madid", "uid", "fn", "ln", "ct", "st", "country", "zip"]


def people(rows: int = 300) -> list[dict[str, str]]:
    made = []
    for row in range(rows):
        spend = [100, 800, 2500][row % 3] + row * 7 % 41
        made.append(
            {
                "customer_id": f"C{row:05}",
                "E-Mail": [f"Jane.Doe+x{row}@GMail.com ", f"P{row}@web.de", "nobody"][row % 7 % 3],
                "phone": [f"+49 170 55{row:05}", f"0170/55{row:05}", ""][row % 5 % 3],
                "first name": f" Zoë {row}",
                "last name": "O'Neil",
                "city": "St. Gallen",
                "country": ["Germany", "AT"][row % 2],
                "zip": f"0{row:04}",
                "opt_in": ["yes", "no", "", "TRUE"][row % 4],
                "spend": str(spend),
                "visits": str(spend // 50 + row % 4),
            }
        )
    return made


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audience")
    rows = people()
    with (folder / "customers.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    made = tribus.segment(folder / "customers.csv", k=3, quick=True, features=["spend", "visits"])
    made.save(folder / "segments")
    segments = {}
    with (folder / "segments" / "customers.csv").open() as file:
        for row in csv.DictReader(file):
            segments[row["id"]] = int(row["segment"])
    return folder, rows, segments


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def email(cell: str, google: bool) -> str:
    cell = cell.strip().lower()
    if "@" not in cell:
        return ""
    local, domain = cell.split("@")
    if google and domain == "gmail.com":
        local = local.split("+")[0].replace(".", "")
    return f"{local}@{domain}"


def phone(cell: str, country: str) -> str:
    digits = "".join(letter for letter in cell if letter.isdigit())
    if not digits or cell.startswith("+"):
        return digits
    return {"Germany": "49", "AT": "43"}[country] + digits.removeprefix("0")


def agreed(place, number: int) -> list[dict[str, str]]:
    _, rows, segments = place
    return [row for row in rows if segments[row["customer_id"]] == number and row["opt_in"] in ("yes", "TRUE")]


def program(folder, *arguments: str) -> list[dict[str, str]]:
    command = [sys.executable, "-m", "tribus", "audience", str(folder / "segments"), str(folder / "customers.csv")]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(done.stdout.splitlines()))


def test_google_gets_its_headers_and_the_hashes_of_hashlib(place):
    listed = program(place[0], "--segment", "1", "--for", "google")
    assert list(listed[0]) == GOOGLE
    expected = []
    for row in agreed(place, 1):
        number = phone(row["phone"], row["country"])
        address = sha(email(row["E-Mail"], google=True))
        country = {"Germany": "DE", "AT": "AT"}[row["country"]]
        name = sha(row["first name"].strip().lower())
        number = sha("+" + number if number else "")
        expected.append([address, number, name, sha("o'neil"), country, row["zip"]])
    assert [list(row.values()) for row in listed] == expected
    assert len(expected) > 30


def test_meta_gets_its_headers_and_the_hashes_of_hashlib(place):
    listed = program(place[0], "--segment", "2", "--for", "meta")
    assert list(listed[0]) == META
    expected = []
    for row in agreed(place, 2):
        country = {"Germany": "de", "AT": "at"}[row["country"]]
        expected.append(
            [
                sha(email(row["E-Mail"], google=False)),
                sha(phone(row["phone"], row["country"])),
                "",
                "",
                sha(row["first name"].strip().lower()),
                sha("oneil"),
                sha("stgallen"),
                "",
                sha(country),
                sha(row["zip"]),
            ]
        )
    assert [list(row.values()) for row in listed] == expected


def held_out(identifier: str, share: float, seed: int = 0) -> bool:
    digest = hashlib.sha256(f"tribus holdout\n{seed}\n{identifier}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def test_the_holdout_is_a_hash_of_the_id_and_nothing_else(place, tmp_path):
    folder, rows, segments = place
    path = tmp_path / "list.csv"
    program(folder, "--segment", "1", "--segment", "3", "--holdout", "10%", "--no-consent-check", "-o", str(path))
    with path.open() as file:
        listed = {row["id"] for row in csv.DictReader(file)}
    with (tmp_path / "list.holdout.csv").open() as file:
        out = list(csv.DictReader(file))
    wanted = {row["customer_id"] for row in rows if segments[row["customer_id"]] in (1, 3)}
    drawn = {one for one in wanted if held_out(one, 0.1)}
    assert {row["id"] for row in out} == drawn
    assert listed == wanted - drawn
    assert all(row["holdout"] == "1" and int(row["segment"]) == segments[row["id"]] for row in out)


def test_python_draws_the_list_of_the_program_from_file_and_frame(place):
    pyarrow = pytest.importorskip("pyarrow")
    folder, rows, _ = place
    loaded = tribus.load(folder / "segments")
    asked = {"platform": "google", "holdout": 0.2}
    of_file = loaded.audience(folder / "customers.csv", 1, **asked)
    table = pyarrow.table({name: [row[name] or None for row in rows] for name in rows[0]})
    of_frame = loaded.audience(table, loaded.names[0].upper(), **asked)
    assert isinstance(of_frame, tribus.Audience)
    listed = of_frame.list.to_pylist()
    assert list(listed[0]) == GOOGLE
    assert of_file.account == of_frame.account
    assert of_frame.holdout["id"].to_pylist() == [
        row["customer_id"] for row in agreed(place, 1) if held_out(row["customer_id"], 0.2)
    ]
    assert of_frame.account["written"] + of_frame.account["held_out"] == len(agreed(place, 1))
    assert "@" not in repr(of_frame)


def test_errors_have_the_way_out(place):
    folder, rows, _ = place
    loaded = tribus.load(folder / "segments")
    with pytest.raises(tribus.SegmentationError, match="the segments are 1"):
        loaded.audience(folder / "customers.csv", "nobody at all")
    with pytest.raises(tribus.UnknownColumnError, match="spend"):
        loaded.audience(folder / "customers.csv", 1, columns="spned")
    with pytest.raises(tribus.ParameterError, match="10%"):
        loaded.audience(folder / "customers.csv", 1, holdout="110%")
    with pytest.raises(tribus.ParameterError, match="spend"):
        loaded.audience(folder / "customers.csv", 1, where="spned > 3")
