import FactoryCore
import FactoryFiles
import FactoryGit
import Testing

struct ObjectTests {
    let directory: TemporaryDirectory
    let repository: Repository

    init() throws {
        directory = try TemporaryDirectory("factory-git")
        repository = try Repository.createBare(at: directory.path + "/a.git")
    }

    @Test func `a file comes back byte for byte and git finds it under the same id`() throws {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        let id = try repository.write(blob: bytes)
        #expect(try repository.read(id, limit: 5000) == bytes)
        #expect(try repository.size(of: id) == 5000)
        #expect(try Git.run("cat-file", "-s", id.hex, in: repository.path) == "5000")
    }

    @Test func `a file above the limit is refused before it is read`() throws {
        let id = try repository.write(blob: [UInt8](repeating: 7, count: 101))
        #expect(throws: GitError.tooLarge("the file \(id.short)", size: 101, limit: 100)) {
            try repository.read(id, limit: 100)
        }
    }

    @Test func `what is not there is reported as not found and what is no id as a failure`() throws {
        let nothing = BlobID(String(repeating: "1", count: 40))
        #expect(throws: GitError.notFound("the object \(nothing.hex)")) { try repository.size(of: nothing) }
        #expect(try !repository.contains(nothing))
        #expect(throws: GitError.self) { try repository.contains(BlobID("abc")) }
        #expect(throws: GitError.self) { try repository.contains(BlobID(String(repeating: "x", count: 40))) }
    }

    @Test func `a tree is not read as a file`() throws {
        let id = try tree(["a": "1"], in: repository)
        #expect(throws: GitError.self) { try repository.read(BlobID(id.hex), limit: 1000) }
        #expect(throws: GitError.self) { try repository.entries(of: TreeID(repository.write(blob: [1]).hex)) }
    }

    @Test func `a commit says what its draft said, and git agrees`() throws {
        let first = try commit("first", in: repository)
        let draft = CommitDraft(
            tree: try tree(["a/b": "1"], in: repository), parents: [first],
            author: Signature(name: "Ann Öz", email: "ann@example.org", when: noon, offsetMinutes: -210),
            committer: Signature(name: "Factory", email: "factory@localhost", when: noon, offsetMinutes: 60),
            message: "subject\n\nbody\n")
        let id = try repository.commit(draft)
        let info = try repository.info(id)
        #expect(info.tree == draft.tree && info.parents == [first])
        #expect(info.author == draft.author && info.committer == draft.committer)
        #expect(info.text == "subject\n\nbody\n" && info.subject == "subject")
        let shown = try Git.run(
            "log", "-1", "--format=%an|%ae|%ad|%cn|%s|%b", "--date=raw", id.hex, in: repository.path)
        #expect(shown == "Ann Öz|ann@example.org|1795262400 -0330|Factory|subject|body\n")
        try Git.run("fsck", "--strict", id.hex, in: repository.path)
    }

    @Test(arguments: ["Eve <x>\ncommitter root <r@r> 0 +0000", "\u{0}", "", " .,:;\"'\\ "])
    func `a name cannot break out of its line`(name: String) throws {
        let evil = Signature(name: name, email: "e@e>\n", when: noon)
        let draft = CommitDraft(tree: .empty, parents: [], author: evil, committer: evil, message: "m\u{0}m")
        let id = try repository.commit(draft)
        #expect(try repository.info(id).committer.email == "e@e")
        #expect(try repository.info(id).text == "mm")
        try Git.run("fsck", "--strict", id.hex, in: repository.path)
    }

    @Test func `the same draft is the same commit`() throws {
        #expect(try commit("m", ["a": "1"], in: repository) == commit("m", ["a": "1"], in: repository))
    }

    @Test func `history is walked, and cut where it is told`() throws {
        let one = try commit("1", in: repository)
        let two = try commit("2", parents: [one], in: repository)
        let left = try commit("l", parents: [two], in: repository)
        let right = try commit("r", parents: [two], in: repository)
        let alone = try commit("alone", in: repository)
        #expect(try repository.log(from: left) == [left, two, one])
        #expect(try repository.log(from: left, notIn: [right]) == [left])
        #expect(try repository.log(from: left, limit: 2) == [left, two])
        #expect(try repository.mergeBase(left, right) == two)
        #expect(try repository.mergeBase(left, alone) == nil)
        #expect(try repository.isAncestor(one, of: left) && repository.isAncestor(left, of: left))
        #expect(try !repository.isAncestor(left, of: right))
    }

    @Test func `a missing file is found in a walk over what a commit needs`() throws {
        let base = try commit("base", ["a": "1", "d/b": "2"], in: repository)
        let next = try commit("next", ["a": "1", "d/b": "3"], parents: [base], in: repository)
        #expect(try repository.verifyObjects(from: [next], contents: true).isEmpty)
        let lost = try repository.write(blob: Array("2".utf8)).hex
        try Files.remove(repository.path + "/objects/" + lost.prefix(2) + "/" + lost.dropFirst(2))
        let reader = try Repository.open(repository.path)
        #expect(try reader.verifyObjects(from: [next]) == [.missing(hex: lost, neededBy: base)])
        #expect(try reader.verifyObjects(from: [next], notIn: [base]).isEmpty)
    }

    @Test func `a file whose content was swapped is damaged`() throws {
        let tip = try commit("m", ["a": "right"], in: repository)
        let right = try repository.write(blob: Array("right".utf8)).hex
        let wrong = try repository.write(blob: Array("wrong".utf8)).hex
        let objects = repository.path + "/objects/"
        let bytes = try Files.read(objects + wrong.prefix(2) + "/" + wrong.dropFirst(2))
        try Files.write(bytes, to: objects + right.prefix(2) + "/" + right.dropFirst(2))
        let reader = try Repository.open(repository.path)
        #expect(try reader.verifyObjects(from: [tip]).isEmpty)
        #expect(try reader.verifyObjects(from: [tip], contents: true) == [.damaged(hex: right, neededBy: tip)])
    }
}
