import FactoryCore
import FactoryFiles
import FactoryGit
import Glibc
import Testing

struct OpeningTests {
    let directory: TemporaryDirectory
    var path: String { directory.path + "/a.git" }

    init() throws { directory = try TemporaryDirectory("factory-git") }

    @Test func `a new repository never collects anything by itself`() throws {
        _ = try Repository.createBare(at: path, mainBranch: "trunk")
        for (key, value) in [
            "gc.auto": "0", "receive.autogc": "false", "maintenance.auto": "false", "gc.pruneExpire": "never",
            "core.fsync": "committed,reference", "core.bare": "true",
        ] {
            #expect(try Git.run("config", key, in: path) == value)
        }
        #expect(try Git.run("symbolic-ref", "HEAD", in: path) == "refs/heads/trunk")
    }

    @Test func `all directories for objects are there from the start, and the git program has nothing to warn about`()
        throws
    {
        let repository = try Repository.createBare(at: path, durable: true)
        let names = try Files.list(path + "/objects").filter { $0.utf8.count == 2 }
        #expect(names.count == 256 && names.first == "00" && names.last == "ff")
        try repository.move("refs/heads/main", from: nil, to: commit("m", in: repository))
        let check = try Git.attempt(["fsck", "--strict"], in: path)
        #expect(check.status == 0 && !check.errors.contains("warning"))
        let empty = TreeID.empty.hex
        #expect(Files.exists(path + "/objects/" + empty.prefix(2) + "/" + empty.dropFirst(2)))
    }

    @Test func `packing takes the empty directories away and they are made again`() throws {
        let repository = try Repository.createBare(at: path, durable: true)
        try repository.move("refs/heads/main", from: nil, to: commit("m", ["a": "1"], in: repository))
        let loose = try commit("kept though nothing points to it", ["b": "2"], in: repository)
        try Git.run(GitCommand.repackKeepingUnreachable(path).arguments, in: "/")
        try repository.restoreFanOut()
        #expect(try Files.list(path + "/objects").filter { $0.utf8.count == 2 }.count == 256)
        #expect(try Repository.open(path).verifyObjects(from: [loose], contents: true).isEmpty)
    }

    @Test func `nothing is made where something is`() throws {
        try Files.write("", to: path)
        #expect(throws: GitError.self) { try Repository.createBare(at: path) }
        #expect(try Files.list(directory.path) == ["a.git"])
    }

    @Test func `two repositories side by side can be moved together`() throws {
        let hub = try Repository.createBare(at: directory.path + "/x/hub.git")
        let tip = try commit("m", in: hub)
        _ = try Repository.createBare(at: directory.path + "/x/journal.git", alternates: [hub.path])
        try #require(rename(directory.path + "/x", to: directory.path + "/y"))
        #expect(try Repository.open(directory.path + "/y/journal.git").contains(tip))
        try Git.run("cat-file", "-e", tip.hex, in: directory.path + "/y/journal.git")
    }

    @Test func `where there is no repository, that is said`() throws {
        #expect(throws: GitError.notFound("a git repository at \(directory.path)")) {
            try Repository.open(directory.path)
        }
    }

    @Test(arguments: [
        ("extensions.worktreeConfig", "true", "worktreeConfig"), ("extensions.refStorage", "reftable", "files"),
        ("extensions.objectFormat", "sha256", "sha1"), ("extensions.partialClone", "origin", "--filter"),
    ])
    func `what libgit2 cannot open is refused with advice`(key: String, value: String, advice: String) throws {
        try Git.run("init", "-q", "work", in: directory.path)
        let work = directory.path + "/work"
        try Git.run("config", "core.repositoryFormatVersion", "1", in: work)
        try Git.run("config", "--file", work + "/.git/config", key, value, in: directory.path)
        let error = #expect(throws: GitError.self) { try Repository.open(work) }
        guard case .unsupported(let what, let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(what.contains(work) && found.contains(advice))
    }

    @Test func `shallow and partial clones are told from whole ones`() throws {
        let source = try Repository.createBare(at: path)
        let one = try commit("1", ["a": "1"], in: source)
        try source.move("refs/heads/main", from: nil, to: commit("2", ["a": "2"], parents: [one], in: source))
        try Git.run("config", "uploadpack.allowFilter", "true", in: path)
        let url = "file://" + path
        try Git.run("clone", "-q", "--bare", url, "whole", in: directory.path)
        try Git.run("clone", "-q", "--bare", "--depth=1", url, "shallow", in: directory.path)
        try Git.run("clone", "-q", "--bare", "--filter=blob:none", url, "partial", in: directory.path)
        let whole = try Repository.open(directory.path + "/whole")
        #expect(!whole.isShallow && !whole.isPartial)
        #expect(try Repository.open(directory.path + "/shallow").isShallow)
        #expect(try Repository.open(directory.path + "/partial").isPartial)
    }
}

private func rename(_ old: String, to new: String) -> Bool { Glibc.rename(old, new) == 0 }
