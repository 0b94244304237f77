import FactoryCore
import FactoryFiles
import FactoryGit
import Testing

struct MergeTests {
    let directory: TemporaryDirectory
    let repository: Repository

    init() throws {
        directory = try TemporaryDirectory("factory-git")
        repository = try Repository.createBare(at: directory.path + "/a.git")
    }

    func merge(
        _ ancestor: [String: String], _ ours: [String: String], _ theirs: [String: String]
    ) throws -> MergeOutcome {
        try repository.merge(
            ancestor: tree(ancestor, in: repository), ours: tree(ours, in: repository),
            theirs: tree(theirs, in: repository))
    }

    func text(_ path: String, in tree: TreeID) throws -> String? {
        guard let entry = try repository.entry(at: RepoPath(path), in: tree) else { return nil }
        return String(decoding: try repository.read(entry.blob, limit: 1 << 20), as: UTF8.self)
    }

    @Test func `changes of different files are put together`() throws {
        let outcome = try merge(
            ["a": "1", "d/b": "1", "d/gone": "1", "e/x": "1"], ["a": "2", "d/b": "1", "e/x": "1"],
            ["a": "1", "d/b": "2", "d/gone": "1", "n/new": "1"])
        #expect(outcome == .clean(try tree(["a": "2", "d/b": "2", "n/new": "1"], in: repository)))
    }

    @Test func `the same change on both sides is one change`() throws {
        #expect(try merge(["a": "1"], ["b": "2"], ["b": "2"]) == .clean(tree(["b": "2"], in: repository)))
        #expect(try merge(["a": "1"], [:], [:]) == .clean(.empty))
    }

    @Test func `different lines of one file are put together and the rest of the tree stays`() throws {
        let lines = (1...20).map { "line \($0)\n" }
        let ours = lines.map { $0 == "line 2\n" ? "ours\n" : $0 }.joined()
        let theirs = lines.map { $0 == "line 18\n" ? "theirs\n" : $0 }.joined()
        let both = lines.map { $0 == "line 2\n" ? "ours\n" : $0 == "line 18\n" ? "theirs\n" : $0 }.joined()
        let outcome = try merge(
            ["f": lines.joined(), "k": "k"], ["f": ours, "k": "k"], ["f": theirs, "k": "k", "n": "n"])
        #expect(outcome == .clean(try tree(["f": both, "k": "k", "n": "n"], in: repository)))
    }

    @Test func `a conflict is marked with both sides and the ancestor`() throws {
        let outcome = try merge(["d/f": "base\n", "k": "k"], ["d/f": "A\n", "k": "k"], ["d/f": "B\n", "k": "l"])
        guard case .conflict(let paths, let marked) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(paths == [RepoPath("d/f")])
        let expected = "<<<<<<< main\nA\n||||||| base\nbase\n=======\nB\n>>>>>>> this change\n"
        #expect(try text("d/f", in: marked) == expected)
        #expect(try text("k", in: marked) == "l")
    }

    @Test func `what one side removed and the other changed is kept changed`() throws {
        for (ours, theirs) in [(["a": "2\n"], [:]), ([:], ["a": "2\n"])] {
            let outcome = try merge(["a": "1\n"], ours, theirs)
            guard case .conflict(let paths, let marked) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(paths == [RepoPath("a")])
            #expect(try text("a", in: marked) == "2\n")
        }
    }

    @Test func `a file against a directory of that name is a conflict`() throws {
        let outcome = try merge(["k": "k"], ["k": "k", "x": "1"], ["k": "k", "x/y": "2"])
        guard case .conflict(let paths, let marked) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(paths.contains(RepoPath("x")))
        #expect(try text("x/y", in: marked) == "2")
    }

    @Test func `binary files in conflict stay as they are on our side`() throws {
        let outcome = try merge(["b": "\u{0}1"], ["b": "\u{0}2"], ["b": "\u{0}3"])
        guard case .conflict(_, let marked) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try text("b", in: marked) == "\u{0}2")
    }

    @Test func `a change follows a file that the other side moved`() throws {
        let long = (1...30).map { "line \($0)\n" }.joined()
        let outcome = try merge(["old": long], ["new": long], ["old": "first\n" + long])
        #expect(outcome == .clean(try tree(["new": "first\n" + long], in: repository)))
    }

    /// Taken name by name nothing conflicts here: both sides removed the old name, and one side added a new one.
    @Test(arguments: [false, true])
    func `what one side removed and the other moved is a conflict, wherever it stood`(isNested: Bool) throws {
        let long = (1...30).map { "line \($0)\n" }.joined()
        let (old, new) = isNested ? ("d/old", "e/new") : ("old", "new")
        for (ours, theirs) in [([:], [new: long]), ([new: long], [:])] {
            let keep = isNested ? ["d/keep": "k", "e/keep": "k"] : ["keep": "k"]
            let outcome = try merge(
                keep.merging([old: long]) { $1 }, keep.merging(ours) { $1 }, keep.merging(theirs) { $1 })
            guard case .conflict(let paths, let marked) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(paths == [RepoPath(old), RepoPath(new)].sorted(), "\(paths)")
            // Whoever resolves it sees what is to be kept or removed.
            #expect(try text(new, in: marked) == long && text(old, in: marked) == nil)
        }
    }

    @Test func `what both sides moved to different places is a conflict that shows both`() throws {
        let long = (1...30).map { "line \($0)\n" }.joined()
        let outcome = try merge(["old": long], ["one": long], ["two": "first\n" + long])
        guard case .conflict(let paths, let marked) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(paths.contains(RepoPath("one")) && paths.contains(RepoPath("two")), "\(paths)")
        #expect(try text("one", in: marked) == long && text("two", in: marked) == "first\n" + long)
    }

    @Test func `what both sides removed or moved alike is no conflict`() throws {
        let long = (1...30).map { "line \($0)\n" }.joined()
        #expect(
            try merge(["old": long, "k": "k"], ["new": long, "k": "k"], ["new": long, "k": "l"])
                == .clean(tree(["new": long, "k": "l"], in: repository)))
        #expect(
            try merge(["d/old": long, "k": "k"], ["k": "k"], ["k": "l"]) == .clean(tree(["k": "l"], in: repository)))
    }

    @Test func `random merges are clean where git's are, with the same tree`() throws {
        var random = Seeded(1234)
        var clean = 0
        for _ in 0..<120 {
            var ancestor: [String: String] = [:]
            for path in random.paths(8) { put(random.text(), at: path, in: &ancestor) }
            let ours = edited(ancestor, &random)
            let theirs = edited(ancestor, &random)
            let base = try commit("base", ancestor, in: repository)
            let left = try commit("ours", ours, parents: [base], in: repository)
            let right = try commit("theirs", theirs, parents: [base], in: repository)
            let git = try Git.attempt(
                [
                    "-c", "merge.directoryRenames=false", "merge-tree", "--write-tree", "--no-messages", left.hex,
                    right.hex,
                ],
                in: repository.path)
            switch try merge(ancestor, ours, theirs) {
            case .clean(let tree):
                clean += 1
                #expect(git.status == 0 && git.output == tree.hex, "\(ancestor)\n\(ours)\n\(theirs)")
            case .conflict(let paths, let marked):
                #expect(git.status == 1, "\(ancestor)\n\(ours)\n\(theirs)")
                #expect(!paths.isEmpty)
                try Git.run("ls-tree", "-r", marked.hex, in: repository.path)
            }
        }
        #expect((20..<110).contains(clean))
    }

    private func put(_ content: String, at path: String, in files: inout [String: String]) {
        guard !files.keys.contains(where: { $0.hasPrefix(path + "/") || path.hasPrefix($0 + "/") }) else { return }
        files[path] = content
    }

    /// One to three files added, removed or changed in a line.
    private func edited(_ files: [String: String], _ random: inout Seeded) -> [String: String] {
        var result = files
        for _ in 0...random.next(3) {
            let path = files.keys.sorted()[random.next(files.count)]
            switch random.next(4) {
            case 0: result[path] = nil
            case 1: put(random.text(), at: random.paths(1)[0], in: &result)
            default:
                var lines = (result[path] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
                lines[random.next(lines.count)] = "changed \(random.next(5))"
                result[path] = lines.joined(separator: "\n")
            }
        }
        return result
    }
}

extension Seeded {
    /// Some lines that no other text has.
    mutating func text() -> String { (0..<12).map { _ in "\(next())\n" }.joined() }
}
