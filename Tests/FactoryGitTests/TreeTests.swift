import FactoryCore
import FactoryFiles
import FactoryGit
import Testing

struct TreeTests {
    let directory: TemporaryDirectory
    let repository: Repository

    init() throws {
        directory = try TemporaryDirectory("factory-git")
        repository = try Repository.createBare(at: directory.path + "/a.git")
    }

    func set(_ path: String, _ content: String = "new") throws -> (RepoPath, TreeEdit) {
        (RepoPath(path), .set(.file, try repository.write(blob: Array(content.utf8))))
    }
    func remove(_ path: String) -> (RepoPath, TreeEdit) { (RepoPath(path), .remove) }
    func paths(_ tree: TreeID) throws -> [String] {
        try repository.differences(from: .empty, to: tree).map(\.path.text)
    }

    @Test func `a file becomes a directory and a directory a file`() throws {
        let base = try tree(["a": "1", "d/x": "2", "d/y/z": "3"], in: repository)
        #expect(try paths(repository.updating(base, [set("a/b")])) == ["a/b", "d/x", "d/y/z"])
        #expect(try paths(repository.updating(base, [remove("a"), set("a/b")])) == ["a/b", "d/x", "d/y/z"])
        #expect(try paths(repository.updating(base, [set("d")])) == ["a", "d"])
        #expect(try paths(repository.updating(base, [remove("d/x"), set("d"), remove("d/y/z")])) == ["a", "d"])
    }

    @Test func `an empty directory vanishes, and the last one leaves the empty tree`() throws {
        let base = try tree(["a": "1", "d/e/f": "2"], in: repository)
        #expect(try repository.updating(base, [remove("d/e/f")]) == tree(["a": "1"], in: repository))
        #expect(try repository.updating(base, [remove("d"), remove("a")]) == .empty)
        #expect(try repository.updating(base, []) == base)
        #expect(try repository.updating(base, [remove("nothing/here"), remove("a/b")]) == base)
    }

    @Test(arguments: ["", "/a", "a/", "a//b", "a/../b", ".", ".git/config", "a/.GIT", "a\u{0}b"])
    func `a path that git forbids is refused`(path: String) throws {
        #expect(throws: GitError.self) { try repository.updating(.empty, [set(path)]) }
    }

    @Test func `a file cannot be put at a path and below it`() throws {
        #expect(throws: GitError.self) { try repository.updating(.empty, [set("a"), set("a/b")]) }
    }

    @Test func `an entry is found by its path`() throws {
        let base = try tree(["a": "1", "d/e/f": "2"], in: repository)
        #expect(try repository.entry(at: RepoPath("d/e/f"), in: base)?.mode == 0o100644)
        #expect(try repository.entry(at: RepoPath("d/e"), in: base)?.isDirectory == true)
        for path in ["", "x", "a/b", "d/x"] { #expect(try repository.entry(at: RepoPath(path), in: base) == nil) }
        #expect(try repository.entries(of: base).map { String(decoding: $0.name, as: UTF8.self) } == ["a", "d"])
    }

    @Test func `a change carries content up to the limits and names the rest`() throws {
        let before = try tree(["a": "1", "big": "x", "same/deep": "s"], in: repository)
        let after = try tree(["a": "22", "big": String(repeating: "y", count: 50), "same/deep": "s"], in: repository)
        let change = try repository.change(from: before, to: after, contentLimit: 10)
        #expect(change.paths == [RepoPath("a"), RepoPath("big")])
        #expect(change.files.first?.after?.content == Array("22".utf8))
        #expect(change.files.last?.after?.content == nil && change.files.last?.after?.size == 50)
        let tight = try repository.change(from: before, to: after, totalLimit: 2)
        #expect(tight.files.map { $0.after?.content } == [nil, nil])
        #expect(tight.files.map { $0.before?.content } == [Array("1".utf8), Array("x".utf8)])
    }

    @Test func `mode, link and submodule are kept apart`() throws {
        let blob = try repository.write(blob: [1])
        let sub = BlobID(try commit("m", in: repository).hex)
        let base = try repository.updating(.empty, [(RepoPath("f"), .set(.file, blob))])
        let next = try repository.updating(
            base,
            [
                (RepoPath("f"), .set(.executable, blob)), (RepoPath("l"), .set(.symlink, blob)),
                (RepoPath("s"), .set(.submodule, sub)),
            ])
        let change = try repository.change(from: base, to: next)
        #expect(change.files.map { $0.after?.mode } == [.executable, .symlink, .submodule])
        #expect(change.files.map { $0.before?.mode } == [.file, nil, nil])
        try Git.run("fsck", "--strict", next.hex, in: repository.path)
    }

    @Test func `random edits leave the tree that git makes of the same files`() throws {
        var random = Seeded(4711)
        var files: [String: String] = [:]
        var current = TreeID.empty
        for round in 0..<150 {
            let before = current
            var edits: [(RepoPath, TreeEdit)] = []
            for path in random.paths(5) {
                if random.next(3) == 0 {
                    for known in files.keys where known == path || known.hasPrefix(path + "/") { files[known] = nil }
                    edits.append(remove(path))
                } else if !files.keys.contains(where: { $0.hasPrefix(path + "/") || path.hasPrefix($0 + "/") }) {
                    files[path] = "\(round)"
                    edits.append(try set(path, "\(round)"))
                }
            }
            // Removals come first whatever their place, so a path is in one edit only, and none above another.
            let unclear = edits.contains { a in
                edits.contains { b in b.0 != a.0 && b.0.text.hasPrefix(a.0.text + "/") }
            }
            current = unclear ? try tree(files, in: repository) : try repository.updating(current, edits)
            let list = try files.map { path, content in
                "100644 blob \(try repository.write(blob: Array(content.utf8)).hex)\t\(path)"
            }
            #expect(try current == writeTree(list))
            try compareWithGit(before, current)
        }
    }

    /// The tree that git makes of an index.
    private func writeTree(_ list: [String]) throws -> TreeID {
        try Git.run("read-tree", "--empty", in: repository.path)
        try Git.run("update-index", "--index-info", in: repository.path, input: list.map { $0 + "\n" }.joined())
        return TreeID(try Git.run("write-tree", in: repository.path))
    }

    private func compareWithGit(_ before: TreeID, _ after: TreeID) throws {
        let theirs = try Git.run("diff-tree", "-r", "--name-only", before.hex, after.hex, in: repository.path)
        let ours = try repository.differences(from: before, to: after).map(\.path.text)
        #expect(ours.joined(separator: "\n") == theirs)
    }
}
