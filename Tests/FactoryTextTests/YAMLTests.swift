import FactoryText
import Testing

@Suite struct YAMLTests {
    private func failure(_ text: String, firstLine: Int = 1) -> YAMLError? { failure(Array(text.utf8), firstLine) }
    private func failure(_ bytes: [UInt8], _ firstLine: Int = 1) -> YAMLError? {
        do throws(YAMLError) {
            _ = try YAML.parse(bytes, firstLine: firstLine)
            return nil
        } catch { return error }
    }
    private func value(_ text: String) throws -> YAML { try #require(YAML.parse("key: " + text)["key"]) }

    @Test(arguments: ["0007", "1.10", "no", "on", "18:00", "0x1F", "1e3", "2026-11-21", "-", "+5", "1_000"])
    func `a scalar keeps its text`(_ text: String) throws {
        let value = try YAML.parse("[\(text == "-" ? "\"-\"" : text)]").items?.first
        #expect(value?.string == text)
        #expect(value?.bool == nil && value?.int == nil)
        #expect(value?.isNull == false)
    }

    @Test func `accessors read plain scalars only as what they plainly are`() throws {
        #expect(try value("42").int == 42 && value("-7").int == -7 && value("0").int == 0)
        #expect(try value("1.5").number == 1.5 && value("-0.25").number == -0.25 && value("3").number == 3)
        #expect(try value("true").bool == true && value("false").bool == false && value("True").bool == nil)
        #expect(try value("\"42\"").int == nil && value("'true'").bool == nil && value("\"~\"").isNull == false)
        #expect(try value(".inf").number == nil && value("1.").number == nil && value("00.5").number == nil)
        #expect(try value("~").isNull && value("").isNull && value("null").string == nil)
        #expect(try value("99999999999999999999").int == nil)
    }

    @Test func `every key and value knows its place`() throws {
        let yaml = try YAML.parse("a: 1\nlist:\n  - é: x\n  - [p, q]\n")
        let item = try #require(yaml["list"]?.items?[0].members?.first)
        #expect(item.position == YAML.Position(line: 3, column: 5))
        #expect(item.value.position == YAML.Position(line: 3, column: 8))
        #expect(yaml["list"]?.items?[1].items?[1].position == YAML.Position(line: 4, column: 9))
    }

    @Test(arguments: ["", "\n\n", "# nothing\n", "\u{FEFF}", "---\n"])
    func `a text without a document is nothing`(_ text: String) throws { #expect(try YAML.parse(text).isNull) }

    @Test func `a byte order mark and CRLF change nothing`() throws {
        let yaml = try YAML.parse("\u{FEFF}a: one\r\nb:\r\n  - two\r\n")
        #expect(yaml["a"]?.string == "one")
        #expect(yaml.members?.first?.position == YAML.Position(line: 1, column: 1))
        #expect(yaml["b"]?.items?.first?.position == YAML.Position(line: 3, column: 5))
    }

    @Test func `a key that stands twice is an error and names both places`() {
        let error = failure("a: 1\nb: 2\n\"a\": 3\n")
        #expect(error?.position == YAML.Position(line: 3, column: 1))
        #expect(error?.problem == "the key \"a\" stands twice; the first is in line 1")
        #expect(error?.snippet == "  \"a\": 3\n  ^")
    }

    @Test func `an error in a part of a file counts from the file's first line`() {
        #expect(failure("a: [1\n", firstLine: 10)?.line == 11)
        #expect(failure("a: 1\na: 2\n", firstLine: 5)?.problem.hasSuffix("line 5") == true)
    }

    @Test func `what was opened and never closed is named with its line`() {
        let problem = failure("x: 1\na: [1\nb: 2\n", firstLine: 3)?.problem
        #expect(problem?.hasPrefix("while parsing a flow sequence that starts in line 4: ") == true)
    }

    @Test func `a tab that indents is named as such`() {
        let error = failure("a:\n\tb: 1\n")
        #expect(error?.problem == "a tab cannot stand here; indent with spaces")
        #expect(error?.position == YAML.Position(line: 2, column: 1))
    }

    @Test func `zero bytes and other control characters are refused with their place`() {
        #expect(failure([97, 58, 32, 0, 10])?.position == YAML.Position(line: 1, column: 4))
        #expect(failure("a: \"\\0\"")?.problem == "a zero byte in a text")
        #expect(failure("a: x\nb: \u{1B}[31m")?.problem == "the control character 0x1B cannot stand in YAML")
        #expect(failure("a: x\nb: \u{85}\u{9B}")?.line == 2)
    }

    @Test func `broken encoding is refused with its byte`() {
        let error = failure([97, 58, 32, 120, 10, 98, 58, 32, 0xFF, 10])
        #expect(error?.problem == "byte 8 is no UTF-8")
        #expect(error?.position == YAML.Position(line: 2, column: 4))
        #expect(failure([0xFF, 0xFE, 97, 0])?.problem == "byte 0 is no UTF-8")
    }

    @Test func `aliases stand for what they name`() throws {
        let yaml = try YAML.parse("a: &x [1, 2]\nb: *x\n")
        #expect(yaml["b"]?.items?.map(\.int) == [1, 2])
        #expect(yaml["b"]?.position == YAML.Position(line: 2, column: 4))
        #expect(failure("a: *x")?.problem.hasPrefix("*x stands for nothing") == true)
        #expect(failure("a: &x [*x]")?.problem.hasPrefix("*x stands for nothing") == true)
    }

    @Test(.timeLimit(.minutes(1))) func `a bomb of aliases is refused before it is built`() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...20 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        #expect(failure(text)?.problem == "more than 100000 values")
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["[", "{a: ", "- ", "? "])
    func `a megabyte of nesting is refused quickly`(_ opening: String) {
        let text = String(repeating: opening, count: YAML.maximumSize / opening.utf8.count)
        #expect(failure(text)?.problem == "nested deeper than 64 levels")
    }

    @Test func `size, tags, keys that are no text and second documents are refused`() {
        #expect(failure(String(repeating: "#", count: YAML.maximumSize + 1))?.problem.contains("more than") == true)
        #expect(failure("a: !!binary aGk=")?.problem.contains("tag") == true)
        #expect(failure("? [a, b]\n: 1")?.problem == "a key must be text, not a list")
        #expect(failure("a: 1\n---\nb: 2\n")?.problem == "a second document; one is enough")
    }

    @Test func `the snippet shows a long line only around the place`() {
        let error = failure("a: \"" + String(repeating: "x", count: 500) + "\" b")
        #expect((error?.snippet.split(separator: "\n").map(\.count).max() ?? 0) < 90)
        #expect(error?.description.hasSuffix("^") == true)
    }

    @Test(arguments: [
        "", " ", "true", "no", "42", "a: b", "# x", "it's", "\"q\"", "a\\b", "- x", "*a", "&a", "!t", "line\nline",
        "é ü",
        "tab\t", "\u{7F}\u{85}\u{2028}\u{FEFF}", "a, b", "[x]", "{y}", "npm run test -- --all", "...", "---", "a #b",
        "~",
        "100%", "@x", "%x", "a ", "make test", "😀",
    ])
    func `a scalar that we write reads back as it was`(_ text: String) throws {
        #expect(try YAML.parse("k: \(YAML.scalar(text))\nl: \(YAML.list([text, "z"]))")["k"]?.string == text)
        #expect(try YAML.parse("l: \(YAML.list([text, "z"]))")["l"]?.items?.map(\.string) == [text, "z"])
    }
}
