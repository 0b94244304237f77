import FactoryCore
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("*.swift", "main.swift"), ("*.swift", "a/b/main.swift"), ("Makefile", "Makefile"), ("Makefile", "a/Makefile"),
        ("src/*.c", "src/main.c"), ("/main.c", "main.c"), ("./src/a", "src/a"), ("src/**", "src/a"),
        ("src/**", "src/a/b/c"),
        ("src/", "src/a/b"), ("**/test/*", "test/a"), ("**/test/*", "x/y/test/a"), ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b"),
        ("**", "a"), ("**", "a/b"), ("*", "a/.hidden"), ("a?c", "abc"), ("a?c", "aéc"), ("[abc]x", "bx"),
        ("[a-c]x", "bx"),
        ("[!a-c]x", "dx"), ("[^a]x", "bx"), ("[]]x", "]x"), ("[a-]x", "-x"), ("[é]x", "éx"), ("a[b", "a[b"),
        ("\\*", "*"),
        ("a*b*c", "a/aXbYbZc"), ("**/b/**", "x/b/c"), ("*.tar.gz", "a.tar.gz"), ("a**b", "axxb"), ("*a", "aaa"),
    ])
    func `a pattern matches what it should`(_ row: (pattern: String, path: String)) {
        #expect(Glob(row.pattern).matches(RepoPath(row.path)))
    }

    @Test(arguments: [
        ("*.swift", "main.swiftx"), ("*.swift", "main.swift/x"), ("src/*.c", "src/a/main.c"),
        ("src/*.c", "x/src/main.c"),
        ("/main.c", "a/main.c"), ("src/**", "src"), ("src/", "src"), ("src/**", "srcs/a"), ("**/b/**", "x/b"),
        ("a/**/b", "a/b/c"), ("a?c", "ac"), ("a?c", "a/c"), ("[abc]x", "dx"), ("[!a]x", "ax"), ("\\*", "a"), ("", "a"),
        ("/", "a"), ("//", "a"), ("Makefile", "makefile"), ("a", ""), ("**", ""), ("*b", "abc"), ("[b-a]", "ab"),
    ])
    func `a pattern leaves alone what it should`(_ row: (pattern: String, path: String)) {
        #expect(!Glob(row.pattern).matches(RepoPath(row.path)))
    }

    @Test func `names that are no text match by their bytes`() {
        let path = RepoPath(bytes: [0x61, 0xFF, 0x62])
        #expect(Glob("a*b").matches(path))
        #expect(Glob("a?b").matches(path))
        #expect(!Glob("ab").matches(path))
    }

    @Test(.timeLimit(.minutes(1))) func `no pattern takes long`() {
        let stars = Glob(String(repeating: "*a", count: 40) + "b")
        #expect(!stars.matches(RepoPath(String(repeating: "a", count: 4000))))
        let parts = Glob(String(repeating: "**/a/", count: 30) + "b")
        #expect(!parts.matches(RepoPath(Array(repeating: "a", count: 1500).joined(separator: "/"))))
    }
}
