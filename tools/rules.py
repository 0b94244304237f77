#!/usr/bin/env python3
"""Our own rules, checked by `make check`. Prints one line per finding, and exits with 1 when there is any.

    rules.py [ROOT]

How to add a rule: write a function that takes the `Tree` and yields `Finding`s, give it a doc string that says what it
wants and why, mark it with `@rule`, and add a test to Tests/tools/test_rules.py that shows it failing on a small tree.
A rule nobody has seen failing is not a rule. What a rule measures against stands in the tables below, in one place.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# --- The tables

CORE = "FactoryCore"
FILES = "FactoryFiles"
TEST_SUPPORT = "FactoryTestSupport"

# Each C library has one target that imports it.
C_LIBRARIES = {
    "CGit2": "FactoryGit",
    "CYAML": "FactoryText",
    "CSystem": "FactoryProcess",
    "CCrypto": "FactoryForge",
    "CZlib": "FactoryGit",
}
TOOLS = {"FactoryProcess", "FactoryText", "FactoryGit"}
ADAPTERS = {"FactoryConfig", "FactoryKnowledge", "FactoryAgents", "FactoryForge"}

# What each target may import of ours. A target that is not named here may not exist.
MAY_IMPORT: dict[str, set[str]] = {
    CORE: set(),
    FILES: set(),
    **{tool: {CORE, FILES, *(c for c, owner in C_LIBRARIES.items() if owner == tool)} for tool in TOOLS},
    **{adapter: {CORE, FILES, *TOOLS, *(c for c, owner in C_LIBRARIES.items() if owner == adapter)} for adapter in ADAPTERS},
    "FactoryLine": {CORE},
    "FactoryCLI": {CORE, FILES, *TOOLS, *ADAPTERS, "FactoryLine"},
    "factory": {"FactoryCLI"},
    "factory-fence": set(),
    "factory-http": set(),
    TEST_SUPPORT: {CORE, FILES},
    **{library: set() for library in C_LIBRARIES},
}

FUNCTION_LINES = 60
SOURCE_LINES = 400
TEST_LINES = 600
MINIMUM_TESTS = 600

MARKERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
# The one program that may have Foundation, because it is a program of its own.
WITH_FOUNDATION = {"factory-http"}

MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:(?:root|work|farm)/|home/[a-z])")
GENERATED = re.compile(r"(?:^|/)(?:\.build|__pycache__|\.swiftpm|DerivedData)/|\.(?:pyc|o|swiftmodule|profraw)$")


# --- The tree, and Swift without its strings and comments


@dataclass(frozen=True)
class Finding:
    """One place where a rule does not hold."""

    path: str
    line: int
    message: str


class Tree:
    """The texts of the repository's files by path. What is no text has an empty one."""

    def __init__(self, files: dict[str, str]):
        self.files = files

    @classmethod
    def read(cls, root: Path) -> "Tree":
        """Everything that git tracks or would track, so that a rule holds before the commit."""
        command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
        paths = [name for name in sorted(set(names)) if name and (root / name).is_file()]
        return cls({path: _text(root / path) for path in paths})

    @cached_property
    def swift(self) -> list["SwiftFile"]:
        """The Swift files of Sources and Tests."""
        return [
            SwiftFile(path, text)
            for path, text in self.files.items()
            if path.endswith(".swift") and path.startswith(("Sources/", "Tests/"))
        ]

    @property
    def sources(self) -> list["SwiftFile"]:
        return [file for file in self.swift if file.path.startswith("Sources/")]

    @property
    def tests(self) -> list["SwiftFile"]:
        return [file for file in self.swift if file.path.startswith("Tests/")]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


_IMPORT = re.compile(
    r"^[ \t]*(?:(?:@\w+(?:\([^)]*\))?|public|package|internal|fileprivate|private)[ \t]+)*"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)[ \t]+)?(\w+)",
    re.MULTILINE,
)


class SwiftFile:
    """A Swift file: its text, and its code, in which strings and comments are blanked out at the same length."""

    def __init__(self, path: str, text: str):
        self.path = path
        self.text = text
        self.target = path.split("/")[1]

    @cached_property
    def code(self) -> str:
        return code_of(self.text)

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def finding(self, offset: int, message: str) -> Finding:
        return Finding(self.path, self.line(offset), message)

    @property
    def imports(self) -> Iterator[tuple[int, str]]:
        """Where each import stands and what it names."""
        for match in _IMPORT.finditer(self.code):
            yield match.start(1), match.group(1)

    @cached_property
    def functions(self) -> list["Function"]:
        return list(_functions(self))


def code_of(text: str) -> str:
    """Swift with the content of comments, strings and regular expressions blanked, and that of raw identifiers set to
    underscores. Line breaks stay where they are, so offsets and line numbers hold."""
    out = list(text)
    position = 0
    while position < len(text):
        end, blank = _skipped(text, position)
        if end == position:
            position += 1
            continue
        for index in range(position, end):
            if text[index] != "\n":
                out[index] = blank
        if blank == "_":
            out[position] = out[end - 1] = "`"
        position = end
    return "".join(out)


_STRING_START = re.compile(r'(#*)("""|")')
_REGEX = re.compile(r"#/.*?/#|/(?![\s/*])(?:\\.|[^\\/\n])+/", re.DOTALL)
_RAW_IDENTIFIER = re.compile(r"`[^`\n]*`")


def _skipped(text: str, start: int) -> tuple[int, str]:
    """Where the comment, string, regular expression or raw identifier at `start` ends, and what to put in its place;
    `start` itself when there is none."""
    character = text[start]
    if character == "/" and text.startswith("//", start):
        end = text.find("\n", start)
        return (len(text) if end < 0 else end), " "
    if character == "/" and text.startswith("/*", start):
        return _end_of_comment(text, start), " "
    if character == "`" and (match := _RAW_IDENTIFIER.match(text, start)):
        return match.end(), "_"
    if character in '"#' and (match := _STRING_START.match(text, start)):
        return _end_of_string(text, match), " "
    if (character == "/" and _may_start_regex(text, start)) or text.startswith("#/", start):
        if match := _REGEX.match(text, start):
            return match.end(), " "
    return start, ""


def _end_of_comment(text: str, start: int) -> int:
    """The end of a block comment; they nest."""
    depth, position = 1, start + 2
    while depth and position < len(text):
        if text.startswith("/*", position):
            depth, position = depth + 1, position + 2
        elif text.startswith("*/", position):
            depth, position = depth - 1, position + 2
        else:
            position += 1
    return position


def _end_of_string(text: str, opening: re.Match) -> int:
    """The end of a string literal, with code and further strings inside its interpolations."""
    hashes, quotes = opening.groups()
    closing, escape = quotes + hashes, "\\" + hashes
    position = opening.end()
    while position < len(text):
        if text.startswith(closing, position):
            return position + len(closing)
        if text.startswith(escape + "(", position):
            position = _end_of_interpolation(text, position + len(escape) + 1)
        elif text.startswith(escape, position):
            position += len(escape) + 1
        elif text[position] == "\n" and quotes == '"':
            return position
        else:
            position += 1
    return position


def _end_of_interpolation(text: str, position: int) -> int:
    depth = 1
    while depth and position < len(text):
        end, _ = _skipped(text, position)
        if end > position:
            position = end
            continue
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
    return position


def _may_start_regex(text: str, slash: int) -> bool:
    """A slash after an operand divides; one after an opening bracket, a comma or an equals sign starts a regex."""
    before = text[:slash].rstrip(" \t")
    return not before or before[-1] in "(,=:[{!&|?;\n" or before.endswith("return")


@dataclass(frozen=True)
class Function:
    """A function, an initialiser, a subscript or a computed property that has a body."""

    file: SwiftFile
    name: str
    start: int
    open: int
    close: int

    @property
    def lines(self) -> int:
        """From the line of its keyword to that of its closing brace."""
        return self.file.code.count("\n", self.start, self.close) + 1

    @property
    def body(self) -> str:
        """The code between its braces."""
        return self.file.code[self.open : self.close]

    @property
    def takes_nothing(self) -> bool:
        return re.match(r"func\s+\w+\s*\(\s*\)", self.file.code[self.start : self.open]) is not None

    @property
    def attributes(self) -> str:
        """What stands before the function since the brace of whatever comes before it."""
        code, position, depth = self.file.code, self.start - 1, 0
        while position >= 0 and (depth or code[position] not in "{}"):
            depth += {")": 1, "]": 1, "(": -1, "[": -1}.get(code[position], 0)
            position -= 1
        return code[position + 1 : self.start]


_DECLARATION = re.compile(
    r"\bfunc\s+(?P<name>`[^`]*`|[^\s(<]+|<[<=>]*)"
    r"|(?<![.\w`])(?P<special>init[?!]?(?=\s*[(<])|deinit(?=\s*\{)|subscript(?=\s*[(<]))"
    r"|\bvar\s+(?P<property>\w+)\s*:[^={}\n]*(?=\{)"
)


def _functions(file: SwiftFile) -> Iterator[Function]:
    for match in _DECLARATION.finditer(file.code):
        opening = _opening_brace(file.code, match.end())
        if opening is None:
            continue
        kind = match.lastgroup
        name = file.text[match.start(kind) : match.end(kind)].strip()
        yield Function(file, name, match.start(), opening, _closing_brace(file.code, opening))


def _opening_brace(code: str, position: int) -> int | None:
    """The brace of the body, or None for a requirement of a protocol, which has none."""
    depth = 0
    while position < len(code):
        character = code[position]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth == 0 and character == "{":
            return position
        elif depth == 0 and character in "};":
            return None
        elif depth == 0 and character == "\n" and not re.match(
            r"\s*(?:\{|->|where\b|throws\b|async\b|rethrows\b|\()", code[position:]
        ):
            if not re.search(r"(?:->|where|,|&|==|:)\s*$", code[:position][-80:]):
                return None
        position += 1
    return None


def _closing_brace(code: str, opening: int) -> int:
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


# --- The rules

Rule = Callable[[Tree], Iterator[Finding]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


@rule
def import_direction(tree: Tree) -> Iterator[Finding]:
    """A source target imports only what the table allows it: the core knows nobody, the line knows the core."""
    for file in tree.sources:
        for offset, name in file.imports:
            if name == file.target or name not in MAY_IMPORT:
                continue
            if name not in MAY_IMPORT.get(file.target, set()):
                yield file.finding(offset, f"{file.target} may not import {name}")


@rule
def targets_are_known(tree: Tree) -> Iterator[Finding]:
    """Every folder of Sources is in the table, or the import rule would not see it."""
    for target in sorted({path.split("/")[1] for path in tree.files if path.startswith("Sources/")} - set(MAY_IMPORT)):
        yield Finding(f"Sources/{target}", 1, "the target is not in the table of tools/rules.py")


_MANIFEST_TARGET = re.compile(
    r"(?:\bours\(\s*|\.(?:executableTarget|target)\(\s*name:\s*)\"(\w+)\"\s*,\s*(?:dependencies:\s*)?\[([^\]]*)\]"
)


@rule
def manifest_agrees(tree: Tree) -> Iterator[Finding]:
    """Package.swift declares no dependency that the table forbids, and all that the sources import."""
    text = tree.files.get("Package.swift", "")
    declared: dict[str, set[str]] = {}
    for match in _MANIFEST_TARGET.finditer(text):
        target, dependencies = match.group(1), set(re.findall(r'"(\w+)"', match.group(2)))
        declared[target] = dependencies
        for name in sorted(dependencies - MAY_IMPORT.get(target, set())):
            yield Finding("Package.swift", text.count("\n", 0, match.start()) + 1, f"{target} may not depend on {name}")
    for file in tree.sources:
        for offset, name in file.imports:
            if name in MAY_IMPORT and name != file.target and name not in declared.get(file.target, set()):
                yield file.finding(offset, f"{file.target} imports {name}, which Package.swift does not declare for it")


@rule
def one_importer_per_library(tree: Tree) -> Iterator[Finding]:
    """A C library is wrapped once: no other target, and no test, sees its pointers."""
    for file in tree.swift:
        for offset, name in file.imports:
            if name in C_LIBRARIES and file.target != C_LIBRARIES[name]:
                yield file.finding(offset, f"only {C_LIBRARIES[name]} imports {name}")


@rule
def no_foundation(tree: Tree) -> Iterator[Finding]:
    """Foundation costs start-up time and static linking; Glibc and FactoryFiles have what we need."""
    for file in (file for file in tree.sources if file.target not in WITH_FOUNDATION):
        for offset, name in file.imports:
            if name.startswith("Foundation"):
                yield file.finding(offset, f"{name} is not imported in Sources")


@rule
def short_functions(tree: Tree) -> Iterator[Finding]:
    """A function fits on a screen."""
    for function in (function for file in tree.sources for function in file.functions):
        if function.lines > FUNCTION_LINES:
            message = f"{function.name} has {function.lines} lines, more than {FUNCTION_LINES}"
            yield function.file.finding(function.start, message)


@rule
def short_files(tree: Tree) -> Iterator[Finding]:
    """A file is about one thing."""
    for path, text in tree.files.items():
        limit = SOURCE_LINES if path.startswith("Sources/") else TEST_LINES if path.startswith("Tests/") else None
        if limit and len(text.splitlines()) > limit:
            yield Finding(path, 1, f"the file has {len(text.splitlines())} lines, more than {limit}")


@rule
def no_forgotten_test(tree: Tree) -> Iterator[Finding]:
    """A function that looks like a test and lacks @Test compiles and never runs."""
    everything = "".join(file.text for file in tree.tests)
    for function in (function for file in tree.tests for function in file.functions):
        if re.search(r"@Test\b", function.attributes):
            continue
        if function.name == "testDescription":  # how a value is called in the names of test cases
            continue
        named = re.match(r"test(?![a-z])", function.name) or " " in function.name
        if named or (_expects(function) and function.takes_nothing and everything.count(f"{function.name}(") < 2):
            yield function.file.finding(function.start, f"{function.name} looks like a test and has no @Test")


def _expects(function: Function) -> bool:
    return re.search(r"#(?:expect|require)\b", function.body) is not None


@rule
def enough_tests(tree: Tree) -> Iterator[Finding]:
    """The number of tests does not fall: a broken filter or a deleted folder shows."""
    count = sum(len(re.findall(r"@Test\b", file.code)) for file in tree.tests)
    if count < MINIMUM_TESTS:
        yield Finding("Tests", 1, f"there are {count} tests, fewer than {MINIMUM_TESTS}")


@rule
def filters_find_tests(tree: Tree) -> Iterator[Finding]:
    """`swift test --filter` ends with 0 when it finds nothing, so each filter of the Makefile has to find something."""
    text = tree.files.get("Makefile", "")
    names = "\n".join(file.path + "\n" + file.code for file in tree.tests)
    for match in re.finditer(r"--filter (\w+)", text):
        if match.group(1) not in names:
            yield Finding("Makefile", text.count("\n", 0, match.start()) + 1, f"no test matches --filter {match.group(1)}")


@rule
def no_markers(tree: Tree) -> Iterator[Finding]:
    """What is unfinished is a spec, not a remark."""
    for path, text in tree.files.items():
        if path.startswith(("Sources/", "Tests/")):
            yield from _matches(path, text, MARKERS, "is a marker of unfinished work")


@rule
def no_machine_paths(tree: Tree) -> Iterator[Finding]:
    """A path of one machine is wrong on every other one."""
    for path, text in tree.files.items():
        yield from _matches(path, text, MACHINE_PATHS, "is a path of one machine")


@rule
def nothing_generated(tree: Tree) -> Iterator[Finding]:
    """What a tool makes is not tracked."""
    for path in tree.files:
        if GENERATED.search(path):
            yield Finding(path, 1, "the file is generated; remove it and ignore its folder")


def _matches(path: str, text: str, pattern: re.Pattern, message: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding(path, text.count("\n", 0, match.start()) + 1, f"{match.group()} {message}")


_TYPE = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:public|package)\s+(?:(?:final|indirect|nonisolated|distributed|open)\s+)*"
    r"(?:struct|enum|class|actor|protocol)\s+(\w+)",
    re.MULTILINE,
)


@rule
def types_are_documented(tree: Tree) -> Iterator[Finding]:
    """Every type that another target can see says what it is, in a `///` comment directly above."""
    for file in tree.sources:
        for match in _TYPE.finditer(file.code):
            if match.group(1) not in {"func", "var", "subscript"} and not _comment_above(file, match.start()):
                yield file.finding(match.start(1), f"{match.group(1)} has no doc comment directly above")


def _comment_above(file: SwiftFile, start: int) -> bool:
    """Whether the lines before `start`, but for attributes, end with a doc comment."""
    for line in reversed(file.text[:start].splitlines()):
        if line.strip().startswith("@"):
            continue
        return line.strip().startswith("///")
    return False


def check(tree: Tree) -> list[tuple[str, Finding]]:
    """All findings with the names of their rules, in the order of the files."""
    found = [(one.__name__, finding) for one in RULES for finding in one(tree)]
    return sorted(found, key=lambda pair: (pair[1].path, pair[1].line, pair[0]))


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    found = check(Tree.read(root))
    for name, finding in found:
        print(f"{finding.path}:{finding.line}: {finding.message} [{name}]")
    if found:
        print(f"{len(found)} findings of {len({name for name, _ in found})} rules", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
