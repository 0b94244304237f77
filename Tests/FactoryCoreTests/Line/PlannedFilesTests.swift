import Testing

@testable import FactoryCore

/// What a plan says it will touch, and when two plans touch each other.
struct PlannedFilesTests {
    private func named(_ text: String) -> [String] { PlannedFiles.named(in: Array(text.utf8)) }

    @Test func `paths in backticks and path-like words are found, each once, in their order`() {
        let plan = """
            # Plan

            1. Change `lib/a.txt` and src/deep/b.swift, then `lib/a.txt` again (see ./tools/run.sh).
            2. Make `Makefile`, `setup.py`, **docs/guide.md** and `Sources/Core/`.
            3. All of `src/web/**/*.ts`; line `lib/c.py:12`.
            """
        #expect(
            named(plan) == [
                "lib/a.txt", "src/deep/b.swift", "tools/run.sh", "Makefile", "setup.py", "docs/guide.md",
                "Sources/Core/", "src/web/**/*.ts", "lib/c.py",
            ])
    }

    @Test func `what only looks a little like a path is none`() {
        #expect(named("either/or, and/or, N/A; `array.count`, `self.name`, 1.2/3.4, README, e.g. this") == [])
        #expect(named("see https://example.com/a/b.html, /etc/passwd, ../up/a.txt, `-x/y.z`, `a//../b.c`") == [])
        #expect(named("") == [] && named("```\n```") == [])
    }

    @Test func `a heading Files says it all, down to the next heading that is no deeper`() {
        let plan = """
            ## Steps
            1. Leave `lib/other.txt` alone.
            ## Files
            - `lib/a.txt`: new
            ### Tests
            - `Tests/a.py`
            ## Risks
            `lib/third.txt`
            """
        #expect(named(plan) == ["lib/a.txt", "Tests/a.py"])
        #expect(named("## Files\n\nNone yet.\n\n## Steps\n\n`lib/a.txt`") == ["lib/a.txt"])
    }

    @Test func `a flood is bounded, whatever it is made of`() {
        let many = (0..<5000).map { "`lib/\($0).txt`" }.joined(separator: " ")
        #expect(named(many).count == 200)
        #expect(named("`lib/\(String(repeating: "x", count: 5000)).txt`") == [])
        #expect(PlannedFiles.named(in: Array(repeating: 0xFF, count: 1 << 20)) == [])
        #expect(PlannedFiles.named(in: Array(repeating: UInt8(ascii: "/"), count: 1 << 20)) == [])
    }

    @Test(arguments: [
        ("lib/a.txt", "lib/a.txt", true), ("lib/a.txt", "lib/b.txt", false), ("lib/", "lib/a.txt", true),
        ("lib", "lib/deep/a.txt", true), ("lib/", "library/a.txt", false), ("src/**", "src/a/b.swift", true),
        ("src/**", "lib/a.swift", false), ("src/*.swift", "src/a.swift", true), ("src/*.swift", "src/a.ts", false),
        ("src/**/*.swift", "src/web/*.ts", false), ("src/**/*.swift", "src/web/*.swift", true),
        ("src/a*", "src/b*", false), ("src/web/**", "src/", true), ("src/web/**", "src/w", false),
    ])
    func `two names touch where they can mean one file`(_ a: String, _ b: String, _ isHit: Bool) {
        #expect(PlannedFiles.touches(a, b) == isHit)
        #expect(PlannedFiles.touches(b, a) == isHit)
    }

    @Test func `files that everybody touches put nobody in a row`() {
        for name in [
            "README.md", "docs/README", "CHANGELOG.md", "CHANGES", "package-lock.json", "web/yarn.lock", "Cargo.lock",
            "Package.resolved", "go.sum", "**", "*.swift", "**/a.txt",
        ] {
            #expect(PlannedFiles.shared([name], [name]) == [], "\(name)")
        }
        for name in ["lib/a.txt", "Makefile", "package.json", "lib/readers.swift"] {
            #expect(PlannedFiles.shared([name], [name]) == [name], "\(name)")
        }
        #expect(PlannedFiles.shared(["README.md", "lib/a.txt"], ["lib/", "README.md"]) == ["lib/a.txt"])
    }
}
