import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryGit

/// Random work in a lane, judged by git itself.
@Suite struct LanePropertyTests {
    @Test(.timeLimit(.minutes(5)), arguments: 1...6)
    func `a snapshot is what git add and git write-tree make, and a reset restores it`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let fixture = try LaneFixture()
        var tree = try fixture.lend(["a": "1", "b/c": "2", "b/d/e": "3", "run.sh": "4"], links: ["link": "b/c"])
        for _ in 0..<8 {
            let script = (0..<Int.random(in: 1...8, using: &random)).map { _ in edit(&random) }.joined(separator: "\n")
            try fixture.agent("set +e\n\(script)\ntrue")
            let before = try fixture.listing()
            let snapshot = try fixture.lane.snapshot()
            let due = try fixture.treeByGit(startingFrom: tree)
            #expect(try fixture.hub.differences(from: due, to: snapshot.tree) == [], "after \(script)")
            #expect(snapshot.tree == due)
            #expect(try fixture.listing() == before, "a snapshot changes no file")
            tree = snapshot.tree
            if Bool.random(using: &random) {
                try fixture.agent("set +e\n\((0..<4).map { _ in edit(&random) }.joined(separator: "\n"))\ntrue")
            }
            try fixture.lane.reset()
            let left = Set(try fixture.listing().split(separator: "\n"))
            let expected = Set(try fixture.reference(tree).split(separator: "\n"))
            #expect(left.subtracting(expected) == [], "left behind by \(script)")
            #expect(expected.subtracting(left) == [], "missing after \(script)")
        }
    }

    private func edit(_ random: inout SeededGenerator) -> String {
        let names = ["a", "b", "b/c", "b/d", "b/d/e", "x.o", "n/w", "n", "link", "'s p'", "run.sh", "b/x.o", "keep.o"]
        let name = names.randomElement(using: &random) ?? "a"
        let other = names.randomElement(using: &random) ?? "b"
        let number = Int.random(in: 0...3, using: &random)
        let edits = [
            "echo \(number) > \(name)", "rm -rf \(name)", "mkdir -p \(name)", "ln -sfn \(other) \(name)",
            "mv \(name) \(other)", "chmod +x \(name)", "chmod 644 \(name)", "cp -r \(name) \(other)", "touch \(name)",
            "mkdir -p \(name); echo \(number) > \(name)/f", "printf '*.o\\n!keep.o\\n' > .gitignore",
            "mkdir -p n; printf 'w\\n/f\\n' > n/.gitignore", "rm -f .gitignore",
        ]
        return edits.randomElement(using: &random) ?? "true"
    }

    @Test(.timeLimit(.minutes(5)), arguments: 1...4)
    func `ignore rules mean what they mean to git`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory("ignore")
        let paths = try makePaths(in: directory.path)
        for _ in 0..<12 {
            let rules = (0..<Int.random(in: 1...4, using: &random)).map { _ in pattern(&random) }
            let deeper = (0..<Int.random(in: 0...2, using: &random)).map { _ in pattern(&random) }
            try Files.write(rules.joined(separator: "\n"), to: directory.path + "/.gitignore")
            try Files.write(deeper.joined(separator: "\n"), to: directory.path + "/a/.gitignore")
            let root = try OpenDirectory.open(root: directory.path)
            let ours = try paths.filter { try isIgnored($0, root) }
            let theirs = try shell(
                "git -c core.excludesFile=/dev/null check-ignore --no-index --stdin < .git/paths || true",
                in: directory.path)
            #expect(ours == theirs.split(separator: "\n").map(String.init), "\(rules) \(deeper)")
        }
    }

    /// Files named by two letters, three levels deep, and a list of them for git.
    private func makePaths(in directory: String) throws -> [String] {
        try shell(
            """
            git init -q .; mkdir -p a/b ab b/a; for d in . a a/b ab b b/a; do for f in a b ab a.b '#a' '!a' 'a ' '[a]' 'A-'; do
            [ -d "$d/$f" ] || : > "$d/$f"; done; done
            find . -path ./.git -prune -o -type f -printf '%P\\n' | LC_ALL=C sort > .git/paths
            """, in: directory)
        return try (Files.text(directory + "/.git/paths") ?? "").split(separator: "\n").map(String.init)
    }

    private func isIgnored(_ path: String, _ root: OpenDirectory) throws -> Bool {
        var scope = IgnoreScope(root, within: nil)
        var directory = root
        for part in RepoPath(path).entryNames.dropLast() {
            directory = try directory.child(part)
            scope = IgnoreScope(directory, within: scope)
        }
        return scope.ignores(RepoPath(path), isDirectory: false)
    }

    private func pattern(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "b", "ab", "*", "?", "**", "/", "/", "/", "[ab]", "[!a]", "[^b]", "[a-c]", "[[:alpha:]]", ".", "\\",
            " ", "!",
            "#", "\\ ", "[", "]", "-", "**/", "/**", "\t", "[]-a]", "[[:nope:]]", "\\[", "***",
        ]
        let length = Int.random(in: 1...4, using: &random)
        return (Bool.random(using: &random) ? "" : Int.random(in: 0...3, using: &random) == 0 ? "!" : "")
            + (0..<length).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined()
    }
}

/// The same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
