import FactoryCore
import Testing

@Suite struct ContentGuardTests {
    // MARK: Size of files, binary content

    @Test func `a new file above the limit trips, one at the limit passes`() {
        var context = context
        context.largeFile = 10
        #expect(LargeFile().objections(to: file("a", nil, "12345678901"), in: context).map(\.rule) == ["large-file"])
        #expect(LargeFile().objections(to: file("a", nil, "1234567890"), in: context) == [])
        #expect(LargeFile().objections(to: file("a", "old", "12345678901"), in: context) == [])
        #expect(LargeFile().objections(to: file("a", "12345678901", nil), in: context) == [])
    }

    @Test func `moving a large or binary file is no new content`() {
        var context = context
        context.largeFile = 3
        let moved = change(file("old", "abc\0d", nil), file("new", nil, "abc\0d"))
        #expect(LargeFile().judge(moved, in: context) == [])
        #expect(BinaryFile().judge(moved, in: context) == [])
    }

    @Test func `content that nobody could look at trips, and a change of mode alone does not`() {
        var unread = file("a", "old", "new")
        unread.after?.content = nil
        #expect(LargeFile().objections(to: unread).count == 1)
        unread.before = unread.after
        unread.after?.mode = .executable
        #expect(LargeFile().objections(to: unread) == [])
    }

    @Test(
        arguments: [
            (nil, "a\0b", true), ("text", "a\0b", true), ("a\0b", "a\0c", true), ("a\0b", nil, false), (nil, "", false),
            ("", "text", false), ("a\0b", "text", false), (nil, "caf\u{E9}\r\nx", false),
        ] as [(String?, String?, Bool)])
    func `binary content trips where it is new`(_ row: (String?, String?, Bool)) {
        #expect(BinaryFile().objections(to: file("a.bin", row.0, row.1)).count == (row.2 ? 1 : 0))
    }

    // MARK: Links

    @Test(arguments: [
        "/etc/passwd", "..", "../..", "../../x", "./../../x", "a/../../../x", "a/../b", ".git", ".git/config",
        "../.GIT/x",
        "C:\\x", "\\\\host\\x", "..\\..\\x", "", ".git\u{200C}/x",
    ])
    func `links that lead out trip`(_ target: String) {
        let objections = EscapingSymlink().objections(to: file("lib/link", nil, target, mode: .symlink))
        #expect(objections.map(\.rule) == (target == ".." ? [] : ["escaping-symlink"]), "\(target)")
    }

    @Test(arguments: ["x", "../README.md", "./x", "sub/dir/file", ".gitignore", "..a", "a..", "../lib/x"])
    func `links that stay inside pass`(_ target: String) {
        #expect(EscapingSymlink().objections(to: file("lib/link", nil, target, mode: .symlink)) == [])
    }

    @Test func `a link is judged where it changes, a file that looks like one is not`() {
        #expect(EscapingSymlink().objections(to: file("l", "../x", "../x", mode: .symlink)) == [])
        #expect(EscapingSymlink().objections(to: file("l", "x", "../x", mode: .symlink)).count == 1)
        #expect(EscapingSymlink().objections(to: file("l", "/etc", nil, mode: .symlink)) == [])
        #expect(EscapingSymlink().objections(to: file("l", nil, "/etc")) == [])
    }

    // MARK: Unsupported content

    @Test func `submodules trip when they are added or moved`() {
        #expect(UnsupportedContent().objections(to: file("lib", nil, "1", mode: .submodule)).count == 1)
        #expect(UnsupportedContent().objections(to: file("lib", "1", "2", mode: .submodule)).count == 1)
        #expect(UnsupportedContent().objections(to: file("lib", "1", nil, mode: .submodule)) == [])
    }

    @Test func `pointers of Git LFS trip, talk about them does not`() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"
        #expect(UnsupportedContent().objections(to: file("a.psd", nil, pointer)).map(\.rule) == ["unsupported-content"])
        #expect(UnsupportedContent().objections(to: file("a.md", nil, "A pointer: " + pointer)) == [])
    }

    @Test func `names that are one file on some machines trip`() {
        let both = UnsupportedContent().objections(to: file("src/A.txt", nil, "1"), file("SRC/a.txt", nil, "2"))
        #expect(both.map(\.rule) == ["unsupported-content"])
        #expect(UnsupportedContent().objections(to: file("A.txt", "1", nil), file("a.txt", nil, "1")) == [])
        #expect(UnsupportedContent().objections(to: file("a.txt", nil, "1"), file("b.txt", nil, "1")) == [])
        let broken = [[UInt8]([0x63, 0xE8]), [0x63, 0xE9]].map {
            FileChange(path: RepoPath(bytes: $0), before: nil, after: version([1]))
        }
        #expect(UnsupportedContent().judge(Change(files: broken), in: context) == [])
    }

    // MARK: Conflict marks

    @Test(arguments: [
        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n", "x\r\n<<<<<<< HEAD\r\na\r\n", "=======\nb\n>>>>>>> theirs",
        "a\n||||||| base\nb\n=======\n", "<<<<<<<", "a\n>>>>>>> x\n||||||| y\n",
    ])
    func `marks of an unfinished merge trip`(_ text: String) {
        for before in [nil, "", "Title\n=======\n"] {
            #expect(ConflictMarker().objections(to: file("a.md", before, text)).map(\.rule) == ["conflict-marker"])
        }
    }

    @Test(arguments: [
        "Title\n=======\n\ntext\n", "=======\n=======\n", "    <<<<<<< HEAD\n", "<<<<<<<< eight\n", "<<<<<<<x\n",
        "let a = 1 <<<<<<< 2\n", ">>>>>>> seven levels of quotes\n", "", "x",
    ])
    func `what only resembles them passes`(_ text: String) {
        #expect(ConflictMarker().objections(to: file("a.md", nil, text)) == [])
    }

    @Test func `the first mark is shown with its line, and marks that stood before pass`() {
        let marked = "a\nb\n=======\n<<<<<<< HEAD\n"
        #expect(ConflictMarker().objections(to: file("a", nil, marked)).first?.line == 4)
        #expect(ConflictMarker().objections(to: file("a", marked, "new\n" + marked)) == [])
        #expect(ConflictMarker().objections(to: file("a", marked, "clean")) == [])
    }

    // MARK: Own paths

    @Test func `a path that the PR does not touch trips`() {
        let candidate = change(file("a", "1", "2"), file("b", "1", nil))
        #expect(OwnPaths.judge(candidate: candidate, own: [RepoPath("a"), RepoPath("b"), RepoPath("c")]) == [])
        let (a, b, x) = (RepoPath("a"), RepoPath("b"), RepoPath("x"))
        #expect(OwnPaths.judge(candidate: candidate, own: [a, x], moved: [x: b]) == [])
        #expect(OwnPaths.judge(candidate: candidate, own: [a], moved: [x: b]).map(\.path) == [b])
        let objections = OwnPaths.judge(candidate: candidate, own: [RepoPath("a")])
        #expect(objections.map(\.rule) == ["foreign-path"])
        #expect(objections.map(\.path) == [RepoPath("b")])
    }

    // MARK: Lines of a version

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\r\n", ["a", "b"]), ("a\n\n", ["a", ""]), ("\n", [""]),
        ("a\u{2028}b\n", ["a\u{2028}b"]), ("a\rb", ["a\rb"]),
    ])
    func `lines end with LF or CRLF and nothing else`(_ row: (String, [Substring])) {
        #expect(version(Array(row.0.utf8)).lines == row.1)
    }

    @Test func `binary content has no lines and broken encoding has some`() {
        #expect(version([0x61, 0, 0x62]).lines == nil)
        #expect(version([0xFF, 0x0A, 0x61]).lines == ["\u{FFFD}", "a"])
    }
}
