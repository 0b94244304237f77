"""Each of our rules, seen failing on a small tree and content with a good one."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import rules  # noqa: E402
from rules import SwiftFile, Tree, code_of  # noqa: E402

MARKER = "TO" + "DO"
MACHINE = "/ro" + "ot/factory"


def source(text, path="Sources/FactoryCore/A.swift"):
    return Tree({path: text})


def tests(text):
    return Tree({"Tests/FactoryCoreTests/A.swift": text})


class RuleCase(unittest.TestCase):
    def assertFinds(self, rule, tree, *places):
        """The rule finds something at each `path:line`, and nothing else."""
        self.assertEqual([f"{f.path}:{f.line}" for f in rule(tree)], list(places))

    def assertContent(self, rule, tree):
        self.assertFinds(rule, tree)


class Imports(RuleCase):
    def test_the_core_imports_nothing_of_ours(self):
        self.assertFinds(rules.import_direction, source("import FactoryFiles\n"), "Sources/FactoryCore/A.swift:1")

    def test_every_forbidden_direction_is_found(self):
        for target, name in [
            ("FactoryFiles", "FactoryCore"),
            ("FactoryText", "FactoryGit"),
            ("FactoryText", "CGit2"),
            ("FactoryConfig", "FactoryForge"),
            ("FactoryAgents", "FactoryLine"),
            ("FactoryLine", "FactoryGit"),
            ("FactoryLine", "FactoryFiles"),
            ("FactoryGit", "FactoryCLI"),
            ("FactoryCLI", "FactoryTestSupport"),
            ("FactoryForge", "FactoryTestSupport"),
            ("factory", "FactoryCore"),
        ]:
            with self.subTest(target=target, name=name):
                path = f"Sources/{target}/A.swift"
                self.assertFinds(rules.import_direction, source(f"import Glibc\nimport {name}\n", path), f"{path}:2")

    def test_every_way_to_write_an_import_is_found(self):
        for text in [
            "package import FactoryGit",
            "@testable import FactoryGit",
            "@preconcurrency internal import FactoryGit",
            "import struct FactoryGit.Repository",
            "@_spi(Trees) import FactoryGit",
            "#if os(Linux)\n  import FactoryGit\n#endif",
        ]:
            with self.subTest(text):
                self.assertEqual(len(list(rules.import_direction(source(text)))), 1)

    def test_an_import_in_a_comment_or_a_string_is_none(self):
        text = '// import FactoryGit\n/* import FactoryGit */\nlet x = """\nimport FactoryGit\n"""\n'
        self.assertContent(rules.import_direction, source(text))

    def test_allowed_directions(self):
        for target, name in [
            ("FactoryGit", "CGit2"),
            ("FactoryGit", "FactoryFiles"),
            ("FactoryForge", "FactoryGit"),
            ("FactoryLine", "FactoryCore"),
            ("FactoryCLI", "FactoryForge"),
            ("factory", "FactoryCLI"),
        ]:
            with self.subTest(target=target, name=name):
                self.assertContent(rules.import_direction, source(f"import {name}\n", f"Sources/{target}/A.swift"))

    def test_a_target_that_nobody_knows_is_found(self):
        tree = source("", "Sources/FactoryExtra/A.swift")
        self.assertFinds(rules.targets_are_known, tree, "Sources/FactoryExtra:1")
        self.assertContent(rules.targets_are_known, source(""))

    def test_one_importer_of_a_c_library_in_tests_as_well(self):
        tree = Tree({
            "Sources/FactoryGit/A.swift": "import CGit2\n",
            "Sources/FactoryForge/A.swift": "import CGit2\n",
            "Tests/FactoryGitTests/A.swift": "import CGit2\n",
        })
        self.assertFinds(
            rules.one_importer_per_library, tree, "Sources/FactoryForge/A.swift:1", "Tests/FactoryGitTests/A.swift:1"
        )

    def test_foundation_is_found_in_sources_alone(self):
        for name in ["Foundation", "FoundationEssentials", "FoundationNetworking"]:
            with self.subTest(name):
                self.assertFinds(rules.no_foundation, source(f"import {name}\n"), "Sources/FactoryCore/A.swift:1")
        self.assertContent(rules.no_foundation, tests("import Foundation\n"))


class Manifest(RuleCase):
    def tree(self, dependencies, imports=""):
        return Tree({
            "Package.swift": f'let package = Package(targets: [\n  ours("FactoryLine", [{dependencies}]),\n])\n',
            "Sources/FactoryLine/A.swift": imports,
        })

    def test_a_forbidden_dependency_is_found(self):
        self.assertFinds(rules.manifest_agrees, self.tree('"FactoryCore", "FactoryGit"'), "Package.swift:2")

    def test_an_undeclared_import_is_found(self):
        self.assertFinds(rules.manifest_agrees, self.tree("", "import FactoryCore\n"), "Sources/FactoryLine/A.swift:1")

    def test_a_target_in_long_form_is_read(self):
        manifest = '.executableTarget(name: "factory", dependencies: ["FactoryCLI", "FactoryGit"], swiftSettings: x)'
        self.assertFinds(rules.manifest_agrees, Tree({"Package.swift": manifest}), "Package.swift:1")

    def test_what_is_declared_and_allowed_passes(self):
        self.assertContent(rules.manifest_agrees, self.tree('"FactoryCore"', "import FactoryCore\n"))

    def test_the_real_manifest_is_read(self):
        text = (ROOT / "Package.swift").read_text()
        read = {match.group(1) for match in rules._MANIFEST_TARGET.finditer(text)}
        with_dependencies = {name for name, may in rules.MAY_IMPORT.items() if may}
        self.assertLessEqual(with_dependencies, read)


class Sizes(RuleCase):
    def function(self, lines, head="func long()"):
        return f"struct A {{\n  {head} {{\n" + "    work()\n" * (lines - 2) + "  }\n}\n"

    def test_a_function_above_the_limit_is_found(self):
        self.assertFinds(rules.short_functions, source(self.function(61)), "Sources/FactoryCore/A.swift:2")
        self.assertContent(rules.short_functions, source(self.function(60)))

    def test_everything_with_a_body_counts(self):
        for head in [
            "init(a: Int)",
            "init?(a: Int)",
            "deinit",
            "subscript(i: Int) -> Int",
            "var sum: Int",
            "static func < (a: A, b: A) -> Bool",
            "func map<T>(_ f: (T) -> T = { $0 }) async throws(E) -> [T] where T: Sendable",
            "func `a name with { in it`()",
        ]:
            with self.subTest(head):
                self.assertEqual(len(list(rules.short_functions(source(self.function(61, head))))), 1)

    def test_braces_in_strings_and_comments_do_not_end_a_function(self):
        for line in ['let a = "}"', "// }", "/* } /* } */ } */", 'let b = "\\(f("}"))}"', 'let c = #"}\\"}"#', "let d = /[}]/"]:
            with self.subTest(line):
                text = self.function(61).replace("    work()\n", f"    {line}\n", 1)
                self.assertEqual(len(list(rules.short_functions(source(text)))), 1)

    def test_a_requirement_without_a_body_has_no_length(self):
        text = "protocol P {\n  func a() -> Int\n  init(b: Int)\n}\nstruct S {\n" + "  let x = 1\n" * 70 + "}\n"
        self.assertContent(rules.short_functions, source(text))

    def test_a_long_file_is_found(self):
        self.assertFinds(rules.short_files, source("\n" * 401), "Sources/FactoryCore/A.swift:1")
        self.assertContent(rules.short_files, source("\n" * 400))

    def test_a_long_file_of_tests_is_found(self):
        self.assertFinds(rules.short_files, tests("\n" * 601), "Tests/FactoryCoreTests/A.swift:1")
        self.assertContent(rules.short_files, tests("\n" * 600))


class ForgottenTests(RuleCase):
    def assertForgotten(self, text, line=1):
        self.assertFinds(rules.no_forgotten_test, tests(text), f"Tests/FactoryCoreTests/A.swift:{line}")

    def test_a_function_named_test(self):
        self.assertForgotten("func testParsing() { #expect(true) }")
        self.assertForgotten("@Test func a() {}\nfunc test_b() {}", line=2)

    def test_a_function_named_by_a_sentence(self):
        self.assertForgotten("struct A {\n  func `a swap is lost`() { #expect(true) }\n}", line=2)

    def test_a_function_that_expects_and_is_never_called(self):
        self.assertForgotten("@Suite struct A {\n  func swapIsLost() throws { try #require(true) }\n}", line=2)

    def test_a_marked_test_passes(self):
        for text in [
            "@Test func testParsing() { #expect(true) }",
            "@Test func `a swap is lost`() { #expect(true) }",
            "@Test(.timeLimit(.minutes(1)), arguments: [1, 2])\nfunc `a swap is lost`(n: Int) { #expect(true) }",
            "@Test\n@MainActor\nfunc `it's \"quoted\" {`() { #expect(true) }",
        ]:
            with self.subTest(text):
                self.assertContent(rules.no_forgotten_test, tests(text))

    def test_a_helper_that_is_called_passes(self):
        self.assertContent(rules.no_forgotten_test, tests("@Test func a() { same() }\nfunc same() { #expect(true) }"))
        self.assertContent(rules.no_forgotten_test, tests("func testimony() {}"))

    def test_too_few_tests_are_found(self):
        self.assertFinds(rules.enough_tests, tests("@Test func a() {}\n// @Test\n" * (rules.MINIMUM_TESTS - 1)), "Tests:1")
        self.assertContent(rules.enough_tests, tests("@Test func a() {}\n" * rules.MINIMUM_TESTS))

    def test_a_filter_that_finds_nothing_is_found(self):
        files = {"Makefile": "torture:\n\tswift test --filter Torture\n"}
        self.assertFinds(rules.filters_find_tests, Tree(files), "Makefile:2")
        self.assertContent(rules.filters_find_tests, Tree(files | {"Tests/A/A.swift": "@Suite struct TortureTests {}"}))


class Texts(RuleCase):
    def test_a_marker_is_found(self):
        self.assertFinds(rules.no_markers, source(f"let a = 1\n// {MARKER}: more\n"), "Sources/FactoryCore/A.swift:2")
        self.assertFinds(rules.no_markers, tests(f"// {MARKER}"), "Tests/FactoryCoreTests/A.swift:1")

    def test_a_word_that_holds_a_marker_passes(self):
        self.assertContent(rules.no_markers, source(f"let {MARKER}LIST = 1"))
        self.assertContent(rules.no_markers, Tree({"docs/a.md": MARKER}))

    def test_a_path_of_a_machine_is_found_in_any_file(self):
        self.assertFinds(rules.no_machine_paths, Tree({"docs/a.md": f"\ncd {MACHINE}\n"}), "docs/a.md:2")
        self.assertFinds(rules.no_machine_paths, Tree({"a.sh": "cd /ho" + "me/ada\n"}), "a.sh:1")

    def test_a_path_that_only_looks_alike_passes(self):
        self.assertContent(rules.no_machine_paths, Tree({"a.md": "docs/work/a, /workspace/a, $HOME/a, /home/<name>"}))

    def test_a_generated_file_is_found(self):
        for path in [".build/debug.yaml", "tools/__pycache__/rules.cpython-311.pyc", "Sources/A/a.o"]:
            with self.subTest(path):
                self.assertFinds(rules.nothing_generated, Tree({path: ""}), f"{path}:1")
        self.assertContent(rules.nothing_generated, Tree({"docs/build.md": ""}))


class Documentation(RuleCase):
    def test_a_type_without_a_comment_is_found(self):
        for head in [
            "package struct A {}",
            "public final class A {}",
            "package indirect enum A {}",
            "package actor A {}",
            "package protocol A {}",
            "@frozen package struct A {}",
            "// Not a doc comment.\npackage struct A {}",
            "/// Too far away.\n\npackage struct A {}",
        ]:
            with self.subTest(head):
                line = head.count("\n") + 1
                self.assertFinds(rules.types_are_documented, source(head), f"Sources/FactoryCore/A.swift:{line}")

    def test_a_nested_type_without_a_comment_is_found(self):
        text = "/// An A.\npackage struct A {\n    package enum Kind { case a }\n}\n"
        self.assertFinds(rules.types_are_documented, source(text), "Sources/FactoryCore/A.swift:3")

    def test_what_is_documented_or_not_visible_passes(self):
        for text in [
            "/// An A.\npackage struct A {}",
            "/// An A.\n@frozen\n@dynamicMemberLookup\npackage struct A {}",
            "/// An A.\n@available(*, deprecated) package struct A {}",
            "struct A {}",
            "private enum A {}",
            "package class func a() {}",
            "package extension A {}",
        ]:
            with self.subTest(text):
                self.assertContent(rules.types_are_documented, source(text))


class Code(unittest.TestCase):
    def test_lines_and_length_stay(self):
        text = 'let a = """\n  {\n  """ // }\n/* {\n */ let `b c` = "\\(x)"\n'
        code = code_of(text)
        self.assertEqual(len(code), len(text))
        self.assertEqual(code.count("\n"), text.count("\n"))
        self.assertNotIn("{", code)
        self.assertIn("`___`", code)

    def test_a_division_is_no_regular_expression(self):
        self.assertEqual(code_of("let a = b / c / d"), "let a = b / c / d")

    def test_a_comment_sign_in_a_string_starts_no_comment(self):
        self.assertIn("{ }", code_of('let a = "https://a" ; do { }'))

    def test_names_are_those_of_the_text(self):
        file = SwiftFile("Tests/A/A.swift", "func `it's so`() {}\nfunc plain<T>() {}\n")
        self.assertEqual([function.name for function in file.functions], ["`it's so`", "plain"])


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        subprocess.run(["git", "init", "-q", self.root], check=True)

    def run_rules(self):
        return subprocess.run([sys.executable, ROOT / "tools" / "rules.py", self.root], capture_output=True, text=True)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def test_findings_end_with_1_and_name_place_and_rule(self):
        self.write("Sources/FactoryCore/A.swift", "import Foundation\n")
        run = self.run_rules()
        self.assertEqual(run.returncode, 1)
        self.assertIn(
            "Sources/FactoryCore/A.swift:1: Foundation is not imported in Sources [no_foundation]\n", run.stdout
        )

    def test_a_clean_tree_ends_with_0(self):
        self.write("Tests/FactoryCoreTests/A.swift", "@Test func a() {}\n" * rules.MINIMUM_TESTS)
        run = self.run_rules()
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_ignored_files_are_not_looked_at(self):
        self.write("Tests/FactoryCoreTests/A.swift", "@Test func a() {}\n" * rules.MINIMUM_TESTS)
        self.write(".gitignore", "scratch/\n")
        self.write("scratch/notes.md", MACHINE)
        self.assertEqual(self.run_rules().returncode, 0)

    def test_every_rule_says_what_it_wants(self):
        self.assertGreater(len(rules.RULES), 10)
        for one in rules.RULES:
            self.assertTrue(one.__doc__, one.__name__)


if __name__ == "__main__":
    unittest.main()
