import FactoryCore
import Testing

@Suite struct RepoPathTests {
    @Test func `a path knows its parts, its name and what is above`() {
        let path = RepoPath("a/b/c.txt")
        #expect(path.parts == ["a", "b", "c.txt"])
        #expect(path.name == "c.txt")
        #expect(path.parent == RepoPath("a/b"))
        #expect(RepoPath("a").parent == nil)
        #expect(RepoPath("a/b").appending(Array("c.txt".utf8)) == path)
        #expect(RepoPath("").appending(Array("a".utf8)) == RepoPath("a"))
    }

    @Test func `paths are in the order of their bytes`() {
        let paths = ["a", "a-b", "a/b", "a0", "b", "ä"].map { RepoPath($0) }
        #expect(paths.shuffled().sorted() == paths)
    }

    @Test(arguments: [
        ("src/a b.c", "src/a b.c"), ("naïve/日本.txt", "naïve/日本.txt"), ("a\nb", "a\\x0ab"),
        ("a\u{1B}[31m", "a\\x1b[31m"),
        ("a\u{7F}", "a\\x7f"), ("a\u{9B}31m", "a\\xc2\\x9b31m"), ("exe\u{202E}txt", "exe\\xe2\\x80\\xaetxt"),
        ("a\u{200B}b", "a\\xe2\\x80\\x8bb"), ("a\u{2028}b", "a\\xe2\\x80\\xa8b"),
    ])
    func `nothing in a shown path steers a terminal or hides`(_ row: (path: String, shown: String)) {
        #expect(RepoPath(row.path).description == row.shown)
    }

    @Test func `broken encoding is shown byte by byte`() {
        #expect(RepoPath(bytes: [0x61, 0xC3, 0x2F, 0xE9, 0x0A]).description == "a\\xc3/\\xe9\\x0a")
    }
}
