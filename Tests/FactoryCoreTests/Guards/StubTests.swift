import FactoryCore
import Testing

// What the guard looks for is put together here, because it must not stand in this file.
private let mark = "TO" + "DO"
private let fix = "FIX" + "ME"

struct StubCase: Sendable, CustomTestStringConvertible {
    let path: String
    let text: String
    var testDescription: String { "\(path): \(text)" }
    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }
}

@Suite struct StubTests {
    @Test(arguments: [
        StubCase("src/a.swift", "func a() { // \(mark): later\n}\n"),
        StubCase("src/a.swift", "/* \(fix) */\nlet a = 1\n"),
        StubCase("src/a.swift", "func a() -> Int {\n    fatalError(\"not implemented\")\n}\n"),
        StubCase("src/a.swift", "func a() { preconditionFailure(\"Unimplemented\") }\n"),
        StubCase("src/a.swift", "// ... rest of the code unchanged ...\n"),
        StubCase("src/a.swift", "/// placeholder\n"),
        StubCase("src/a.swift", "// This is a placeholder for the parser\n"),
        StubCase("src/a.py", "def a():\n    raise NotImplementedError\n"),
        StubCase("src/a.py", "def a():\n    raise NotImplementedError(\"later\")\n"),
        StubCase("src/a.py", "def a():\n    pass\n"),
        StubCase("src/a.py", "def a():\n    \"\"\"Does it.\"\"\"\n    pass\n"),
        StubCase("src/a.py", "def a(): pass\n"), StubCase("src/a.py", "class A:\n    def a(self):\n        ...\n"),
        StubCase("src/a.py", "x = 1  # \(fix) wrong\n"),
        StubCase("src/a.py", "# existing code remains the same\nx = 1\n"),
        StubCase("src/a.js", "function a() { throw new Error('Not implemented') }\n"),
        StubCase("src/a.ts", "// your code here\n"), StubCase("src/a.tsx", "{/* \(mark) */}\n"),
        StubCase("src/a.rs", "fn a() { unimplemented!() }\n"), StubCase("src/a.rs", "fn a() { todo!() }\n"),
        StubCase("src/a.go", "func a() { panic(\"not implemented\") }\n"),
        StubCase("src/A.java", "void a() { throw new UnsupportedOperationException(\"Not implemented\"); }\n"),
        StubCase("src/a.kt", "fun a(): Int = \(mark)(\"later\")\n"),
        StubCase("src/a.cs", "void A() { throw new NotImplementedException(); }\n"),
    ])
    func `added code that is not done trips`(_ row: StubCase) {
        let found = Stub().objections(to: file(row.path, "\n", row.text))
        #expect(found.map(\.rule) == ["stub"], "\(found)")
    }

    @Test(arguments: [
        StubCase("src/a.swift", "let a = \"\(mark): buy milk // \(fix)\"\n"),
        StubCase("src/a.swift", "let placeholder = \"Search\" // the placeholder of the field\n"),
        StubCase(
            "src/a.swift", "required init?(coder: NSCoder) { fatalError(\"init(coder:) has not been implemented\") }\n"),
        StubCase("src/a.swift", "fatalError(\"the index is out of range\")\n"),
        StubCase("src/a.swift", "/// Lists every todo of a person. The rest of the code is pure.\n"),
        StubCase(
            "src/a.py", "class A(ABC):\n    @abstractmethod\n    def a(self):\n        raise NotImplementedError\n"),
        StubCase("src/a.py", "class A(Protocol):\n    def a(self): ...\n"),
        StubCase("src/a.py", "@overload\ndef a(x: int) -> int: ...\n"),
        StubCase("src/a.py", "class E(Exception):\n    pass\n"),
        StubCase("src/a.py", "try:\n    a()\nexcept OSError:\n    pass\n"),
        StubCase("src/a.py", "def a():\n    \"\"\"Marks a \(mark) as done.\"\"\"\n    return 1\n"),
        StubCase("src/a.py", "class A:\n    def __init__(self):\n        pass\n"),
        StubCase("src/a.js", "const url = 'http://x/\(mark)'; throw new Error('no such user')\n"),
        StubCase("src/a.js", "const r = /\\/\\/ \(mark)/;\n"), StubCase("docs/a.md", "\(mark): write\n"),
        StubCase("tests/test_a.py", "def test_a():\n    pass  # \(mark)\n"),
        StubCase("Tests/ATests.swift", "// \(mark)\n"), StubCase("src/a.test.ts", "// \(mark)\n"),
        StubCase("vendor/a.js", "// \(mark)\n"), StubCase("data/a.txt", "\(mark)\n"),
    ])
    func `strings, documentation, abstract code and tests pass`(_ row: StubCase) {
        #expect(Stub().objections(to: file(row.path, nil, row.text)) == [])
    }

    @Test func `what was there may stay and move, a second one trips`() {
        let old = "// \(mark): one\nlet a = 1\n"
        #expect(Stub().objections(to: file("a.swift", old, old + "let b = 2\n")) == [])
        #expect(Stub().objections(to: file("a.swift", old, nil), file("b.swift", nil, old)) == [])
        let found = Stub().objections(to: file("a.swift", old, old + "\n// \(mark): one\n"))
        #expect(found.map(\.line) == [4])
        #expect(found.first?.path == RepoPath("a.swift"))
    }
}
