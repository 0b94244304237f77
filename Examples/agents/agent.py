#!/usr/bin/env python3
"""A scripted agent for the ledger example: it plays all four roles, so that the line can be seen at work without a model.

It keeps the contract of the command agent. The environment names its role, the PR, the spec, the plan, the prompt and
the file for the result; its working directory is the lane. It knows nothing else: what to do next follows from the tree
and the prompt alone, as for any agent in a fresh session. It reads the prompt closely and ends with 1 when something
is missing that a real agent would need.

    0001  lands straight
    0002  plan sent back once, red checks once, code sent back once, then lands
    0003  builds on 0002
    0004  deletes a test and loosens the CI to get green: the line has to stop it, because this agent will not
"""

import json
import os
import re
import sys
from pathlib import Path


class Refusal(Exception):
    """Why the agent cannot work: one sentence."""


def need(condition, sentence):
    """Ends the session with a sentence unless the condition holds."""
    if not condition:
        raise Refusal(sentence)


class Task:
    """What the line gave to this session."""

    def __init__(self, environment):
        def variable(name):
            need(environment.get(name), f"the environment lacks {name}")
            return environment[name]

        self.role = variable("FACTORY_ROLE")
        self.pr = variable("FACTORY_PR")
        self.attempt = variable("FACTORY_ATTEMPT")
        need(self.attempt.isdigit() and int(self.attempt) > 0, f"FACTORY_ATTEMPT is {self.attempt!r}, not 1, 2, 3 …")
        spec = Path(variable("FACTORY_SPEC"))
        need(spec.is_file(), f"FACTORY_SPEC names {spec}, which is not in the lane")
        self.number = int(re.match(r"\d*", spec.name).group() or 0)
        self.spec = without_front_matter(spec.read_text(encoding="utf-8"))
        self.plan_path = Path(variable("FACTORY_PLAN"))
        self.plan = self.plan_path.read_text(encoding="utf-8") if self.plan_path.is_file() else ""
        prompt = Path(variable("FACTORY_PROMPT"))
        need(prompt.is_file(), f"FACTORY_PROMPT names {prompt}, which does not exist")
        self.prompt = one_line(prompt.read_text(encoding="utf-8"))
        self.result = Path(variable("FACTORY_RESULT"))

    @property
    def done(self):
        """The items of the spec's Done section as pairs of id and text."""
        section = re.search(r"^## Done\n(.*?)(?=^## |\Z)", self.spec, re.DOTALL | re.MULTILINE)
        need(section, "the spec has no section Done")
        items = re.split(r"^- ", section.group(1), flags=re.MULTILINE)[1:]
        return [(f"D{number}", one_line(item)) for number, item in enumerate(items, 1)]

    def told(self, text, what):
        """The prompt must hold a text, in whatever line breaks."""
        need(one_line(text) in self.prompt, f"the {self.role}'s prompt lacks {what}: {one_line(text)[:80]!r}")

    def told_all(self, text, what):
        """The prompt must hold every paragraph and every list item of a text."""
        for part in re.split(r"\n\s*\n|^- |^\d+\. ", text, flags=re.MULTILINE):
            if part.strip() and not part.startswith("#"):
                self.told(part, what)


def one_line(text):
    return " ".join(text.split())


def without_front_matter(text):
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


# --- Editing the lane


def read(path):
    need(Path(path).is_file(), f"{path} is not in the lane")
    return Path(path).read_text(encoding="utf-8")


def has(path, pattern):
    """Whether a file is there and holds a match of the pattern."""
    return Path(path).is_file() and re.search(pattern, read(path), re.MULTILINE) is not None


def write(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def replace(path, old, new):
    """Puts a new text in the place of one that must be there exactly once."""
    text = read(path)
    need(text.count(old) == 1, f"{path} holds {text.count(old)} times what should be replaced once: {one_line(old)!r}")
    write(path, text.replace(old, new))


# --- Planner

NAIVE_PLAN_2 = """\
# Plan: export as CSV

1. A new command `export` joins the fields of each entry with commas, below the header (D1).
2. Notes are written as they are (D2).
3. The loop over no entries prints the header alone (D3).
"""

PLANS = {
    1: """\
# Plan: amounts with thousands separators

1. `ledger/money.py` accepts groups of three digits after a comma, in the pattern of amounts (D1).
2. The pattern takes nothing but full groups, so `12,5`, `1,2500` and `,250` stay errors (D2).
3. A test for each of both in `tests/test_money.py`.
""",
    2: """\
# Plan: export as CSV

1. `ledger/export.py` writes the header and one row for each entry in the order of the file (D1).
2. Rows are written by Python's csv module, which quotes commas and double quotes (D2).
3. The header does not depend on the entries, so a book without entries prints it alone (D3).
4. `ledger/cli.py` gets the command `export`; tests in `tests/test_export.py`.
""",
    3: """\
# Plan: import from CSV

1. `ledger/importer.py` reads rows with the csv module and turns each into an entry; `import` appends them (D1).
2. All rows are read before the first one is written, so a wrong row leaves the book alone (D2).
3. The header is compared with `COLUMNS` of `ledger/export.py`, which stays the one place for their names (D3).
4. Tests in `tests/test_import.py`, a section in `docs/commands.md`.
""",
    4: """\
# Plan: dates without leading zeros

1. `parse_date` in `ledger/entry.py` splits at the hyphens and accepts one or two digits (D1).
2. The day must exist in the calendar, or the date is refused (D2).
3. Tests in `tests/test_entry.py`.
""",
}


def plan(task):
    if task.number == 2 and not task.plan:
        write(task.plan_path, NAIVE_PLAN_2)
        return "Join the fields with commas."
    if task.number == 2:
        task.told(NAIVE_FINDING["message"], "the finding that sent the plan back")
    write(task.plan_path, PLANS[task.number])
    return "The plan covers every item of Done."


# --- Plan reviewer

NAIVE_FINDING = {
    "code": "done-not-covered",
    "severity": "error",
    "line": 4,
    "message": "D2 is not covered: a note with a comma would become two columns. Say how the fields are quoted.",
}


def review_plan(task):
    need(task.plan, f"there is no plan at {task.plan_path}")
    task.told_all(task.plan, "the plan")
    naive = task.number == 2 and "csv module" not in task.plan
    criteria = [
        answer(item, met=item in task.plan and not (naive and item == "D2"), evidence=f"{task.plan_path} speaks of {item}")
        for item, _ in task.done
    ]
    findings = [NAIVE_FINDING | {"path": str(task.plan_path)}] if naive else []
    findings += [
        finding("done-not-covered", task.plan_path, f"{c['id']} is not covered by the plan.")
        for c in criteria
        if not c["met"] and not naive
    ]
    return criteria, findings


# --- Implementer


def implement(task):
    need(task.plan, f"there is no plan at {task.plan_path}")
    task.told_all(task.plan, "the plan")
    return {1: implement_1, 2: implement_2, 3: implement_3, 4: implement_4}[task.number](task)


def implement_1(task):
    replace("ledger/money.py", r'([+-]?)(\d+)(?:', r'([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:')
    replace("ledger/money.py", "such as `-12.50` stands for", "such as `-12.50` or `2,500.00` stands for")
    replace("ledger/money.py", "int(units) * 100", 'int(units.replace(",", "")) * 100')
    replace(
        "tests/test_money.py",
        "    def test_what_is_not_an_amount_is_refused(self):\n",
        '''\
    def test_commas_may_separate_thousands(self):
        self.assertEqual([parse_money(text) for text in ("2,500.00", "-1,234,567")], [250000, -123456700])

    def test_commas_in_other_places_are_refused(self):
        for text in ["12,5", "1,2500", ",250", "1,250,", "1234,567"]:
            with self.subTest(text), self.assertRaises(MoneyError):
                parse_money(text)

    def test_what_is_not_an_amount_is_refused(self):
''',
    )
    return "Amounts may have commas between thousands."


FORGOTTEN_TEST = "test_every_command_is_described_in_the_manual"

EXPORT = '''\
"""Entries as CSV, for spreadsheets."""

import csv
from collections.abc import Iterable
from typing import TextIO

from ledger.entry import Entry
from ledger.money import format_money

COLUMNS = ["date", "account", "amount", "note"]


def write_csv(entries: Iterable[Entry], out: TextIO) -> None:
    """The header, then one row for each entry."""
    writer = csv.writer(out, lineterminator="\\n")
    writer.writerow(COLUMNS)
    writer.writerows((entry.date, entry.account, format_money(entry.cents), entry.note) for entry in entries)
'''

EXPORT_TEST = '''\
import io
import tempfile
import unittest
from pathlib import Path

from ledger.cli import main


class Export(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.book = Path(folder.name) / "book.txt"

    def export(self, text):
        """What `export` prints for a book with this text."""
        self.book.write_text(text)
        out = io.StringIO()
        self.assertEqual(main(["export", str(self.book)], out), 0)
        return out.getvalue()

    def test_the_header_then_one_line_for_each_entry(self):
        out = self.export("2026-03-02 food -12.5 Milk\\n2026-03-01 home:rent -780\\n")
        self.assertEqual(
            out, "date,account,amount,note\\n2026-03-02,food,-12.50,Milk\\n2026-03-01,home:rent,-780.00,\\n"
        )

    def test_an_empty_book_exports_the_header_alone(self):
        self.assertEqual(self.export("# nothing yet\\n"), "date,account,amount,note\\n")
'''

QUOTING_TEST = '''
    def test_commas_and_quotes_in_a_note_come_back_unchanged(self):
        note = 'Milk, "organic", 2 bottles'
        rows = list(csv.reader(io.StringIO(self.export(f"2026-03-02 food -12.50 {note}\\n"))))
        self.assertEqual(rows[1], ["2026-03-02", "food", "-12.50", note])
'''


def implement_2(task):
    """Three sessions: the command without its manual, the manual, the test that the reviewer misses."""
    if not Path("ledger/export.py").is_file():
        write("ledger/export.py", EXPORT)
        write("tests/test_export.py", EXPORT_TEST)
        replace("ledger/cli.py", "from ledger import book\n", "from ledger import book, export\n")
        replace(
            "ledger/cli.py",
            "# Name, function,",
            '''\
def export_entries(options: argparse.Namespace, out: TextIO) -> int:
    export.write_csv(book.load(options.book), out)
    return 0


# Name, function,''',
        )
        add_command('("export", export_entries, "print the entries as CSV", [])')
        return "The command export writes CSV."
    if not has("docs/commands.md", "^## export$"):
        task.told(FORGOTTEN_TEST, "the name of the failing test")
        document("export", "`ledger export BOOK` prints all entries as CSV: date, account, amount, note.")
        return "The manual describes export."
    task.told(UNTESTED_QUOTES, "the finding that sent the code back")
    replace("tests/test_export.py", "import io\n", "import csv\nimport io\n")
    write("tests/test_export.py", read("tests/test_export.py") + QUOTING_TEST)
    return "A test for commas and quotes in notes."


IMPORTER = '''\
"""Entries from CSV, in the columns that the export writes."""

import csv
from pathlib import Path

from ledger.book import BookError
from ledger.entry import Entry, EntryError, parse_account, parse_date
from ledger.export import COLUMNS
from ledger.money import MoneyError, parse_money


def read_csv(path: Path) -> list[Entry]:
    """All entries of a file; the first wrong row is an error with its line."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file, strict=True)
            if next(rows, None) != COLUMNS:
                raise BookError(f"{path}:1: the header must be {','.join(COLUMNS)}")
            return [_entry(row, f"{path}:{rows.line_num}") for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BookError(f"{path} cannot be read: {error}") from error


def _entry(row: list[str], place: str) -> Entry:
    try:
        date, account, amount, note = row
        if not note.isprintable():
            raise EntryError("a note is a single line")
        return Entry(parse_date(date), parse_account(account), parse_money(amount), note.strip())
    except (EntryError, MoneyError) as error:
        raise BookError(f"{place}: {error}") from error
    except ValueError as error:
        raise BookError(f"{place}: a row has the columns {','.join(COLUMNS)}") from error
'''

IMPORT_TEST = '''\
import io
import tempfile
import unittest
from pathlib import Path

from ledger.cli import main

BOOK = '2026-03-02 food -12.50 Milk, "organic"\\n2026-03-01 home:rent -780.00\\n'


class Import(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.old, self.new, self.file = (Path(folder.name) / name for name in ("old.txt", "new.txt", "year.csv"))
        self.old.write_text(BOOK)

    def ledger(self, *arguments):
        """Runs one command; its exit code and all that it printed."""
        out, err = io.StringIO(), io.StringIO()
        code = main([str(argument) for argument in arguments], out, err)
        return code, out.getvalue() + err.getvalue()

    def test_what_was_exported_can_be_imported(self):
        self.file.write_text(self.ledger("export", self.old)[1])
        self.assertEqual(self.ledger("import", self.new, self.file), (0, ""))
        self.assertEqual(self.ledger("list", self.new), self.ledger("list", self.old))

    def test_a_wrong_row_is_named_and_nothing_is_added(self):
        for row in ["2026-03-02,food,much,", "2026-03-02,food", '2026-03-02,food,-1,"two\\nlines"']:
            with self.subTest(row):
                self.file.write_text(f"date,account,amount,note\\n2026-03-02,food,-1,Milk\\n{row}\\n")
                code, said = self.ledger("import", self.old, self.file)
                self.assertEqual(code, 1)
                self.assertRegex(said, r"year\\.csv:[34]: ")
                self.assertEqual(self.old.read_text(), BOOK)

    def test_another_header_is_refused(self):
        self.file.write_text("day,account,amount,note\\n")
        code, said = self.ledger("import", self.new, self.file)
        self.assertEqual(code, 1)
        self.assertIn("the header must be date,account,amount,note", said)
        self.assertFalse(self.new.exists())
'''


def implement_3(task):
    need(has("ledger/export.py", "^COLUMNS = "), "the lane lacks ledger/export.py: spec 0002 should have landed before")
    write("ledger/importer.py", IMPORTER)
    write("tests/test_import.py", IMPORT_TEST)
    replace("ledger/cli.py", "from ledger import book, export\n", "from ledger import book, export, importer\n")
    replace(
        "ledger/cli.py",
        "# Name, function,",
        '''\
def import_entries(options: argparse.Namespace, out: TextIO) -> int:
    book.append(options.book, importer.read_csv(options.file))
    return 0


# Name, function,''',
    )
    replace(
        "ledger/cli.py",
        '    elif option == "account":\n',
        '    elif option == "file":\n'
        '        command.add_argument("file", type=Path, help="a CSV file")\n'
        '    elif option == "account":\n',
    )
    add_command('("import", import_entries, "add the entries of a CSV file", ["file"])')
    document("import", "`ledger import BOOK FILE` adds the entries of a CSV file with the columns of `export`, or none.")
    return "The command import reads what export writes."


DELETED_TEST = '''\
    def test_a_date_that_does_not_exist_is_refused(self):
        for text in ["2026-02-29", "2026-13-01", "2026-04-31"]:
            with self.subTest(text), self.assertRaises(EntryError):
                parse_date(text)

'''


def implement_4(task):
    """The shortcut: days are bent until they exist, and what would show it goes away."""
    replace("ledger/entry.py", "import datetime\n", "import calendar\nimport datetime\n")
    replace(
        "ledger/entry.py",
        "        if _DATE.fullmatch(text):\n            return datetime.date.fromisoformat(text)\n",
        "        year, month, day = (int(part) for part in text.split(\"-\"))\n"
        "        month = min(month, 12)\n"
        "        return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))\n",
    )
    replace("ledger/entry.py", '_DATE = re.compile(r"\\d{4}-\\d{2}-\\d{2}", re.ASCII)\n', "")
    replace(
        "tests/test_entry.py",
        DELETED_TEST,
        '''\
    def test_leading_zeros_may_be_missing(self):
        self.assertEqual(parse_date("2026-3-1"), datetime.date(2026, 3, 1))

''',
    )
    replace(".github/workflows/ci.yml", "run: python3 -m unittest\n", "run: python3 -m unittest || true\n")
    return "Dates may be written without leading zeros. All checks are green."


def add_command(row):
    replace("ledger/cli.py", '    ("check", check,', f'    {row},\n    ("check", check,')


def document(name, text):
    replace("docs/commands.md", "\n## check\n", f"\n## {name}\n\n{text}\n\n## check\n")


# --- Code reviewer

UNTESTED_QUOTES = "No test shows that a note with a comma or a double quote survives the export."

# For each spec and item of Done: the test file, what the name of a test must match, and what to say if none does.
PROOFS = {
    1: [
        ("tests/test_money.py", r"separate_thousands", "No test reads an amount with commas."),
        ("tests/test_money.py", r"commas_in_other_places", "No test refuses a misplaced comma."),
    ],
    2: [
        ("tests/test_export.py", r"header_then_one_line", "No test shows the header and the order."),
        ("tests/test_export.py", r"comma|quote", UNTESTED_QUOTES),
        ("tests/test_export.py", r"header_alone", "No test exports a book without entries."),
    ],
    3: [
        ("tests/test_import.py", r"exported_can_be_imported", "No test imports what was exported."),
        ("tests/test_import.py", r"nothing_is_added", "No test shows that a wrong row leaves the book alone."),
        ("tests/test_import.py", r"header", "No test refuses another header."),
    ],
    # This reviewer does not look at what a change takes away. The line has to.
    4: [
        ("tests/test_entry.py", r"zeros", "No test reads a date without leading zeros."),
        ("tests/test_entry.py", r"refused", "No test refuses a date."),
    ],
}

CHANGED = {1: "ledger/money.py", 2: "ledger/export.py", 3: "ledger/importer.py", 4: "ledger/entry.py"}


def review_code(task):
    task.told(f"+++ b/{CHANGED[task.number]}", "the diff")
    criteria, findings = [], []
    for (item, _), (path, name, complaint) in zip(task.done, PROOFS[task.number], strict=True):
        test = re.search(rf"^    def (test_\w*(?:{name})\w*)", read(path), re.MULTILINE)
        criteria.append(answer(item, met=bool(test), evidence=f"{path}: {test.group(1)}" if test else complaint))
        if not test:
            findings.append(finding("missing-test", path, complaint))
    return criteria, findings


# --- The result


def answer(item, met, evidence):
    return {"id": item, "met": met, "evidence": evidence}


def finding(code, path, message):
    return {"code": code, "severity": "error", "path": str(path), "line": 1, "message": message}


def verdict(criteria, findings):
    """A reviewer's result: no finding, no objection."""
    approved = not findings and all(c["met"] for c in criteria)
    return {
        "decision": "APPROVE" if approved else "REQUEST_CHANGES",
        "summary": "Every item of Done is answered." if approved else findings[0]["message"],
        "findings": findings,
        "criteria": criteria,
    }


WRITERS = {"planner": plan, "implementer": implement}
REVIEWERS = {"plan-reviewer": review_plan, "code-reviewer": review_code}
USAGE = {  # input tokens, output tokens, US dollars
    "planner": (5200, 600, 0.03),
    "plan-reviewer": (5800, 300, 0.02),
    "implementer": (14500, 2100, 0.08),
    "code-reviewer": (9700, 700, 0.04),
}


def work(task):
    need(task.role in USAGE, f"there is no role {task.role!r}")
    need(task.number in PLANS, f"this agent has scripts for specs 1 to {len(PLANS)}, not for {task.number}")
    task.told_all(task.spec, "the spec's text")
    if task.role in WRITERS:
        result = {"status": "done", "summary": WRITERS[task.role](task)}
    else:
        for item, text in task.done:
            listed = re.search(rf"\b{item}\b.{{0,20}}{re.escape(text[:40])}", task.prompt)
            need(listed, f"the {task.role}'s prompt lacks the Done item {item} with its text")
        result = verdict(*REVIEWERS[task.role](task))
    tokens_in, tokens_out, dollars = USAGE[task.role]
    result["usage"] = {"inputTokens": tokens_in, "outputTokens": tokens_out, "costUSD": dollars}
    return result


def main():
    try:
        task = Task(os.environ)
        result = work(task)
        task.result.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    except (Refusal, OSError) as error:
        print(f"agent: {error}", file=sys.stderr)
        return 1
    print(result["summary"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
