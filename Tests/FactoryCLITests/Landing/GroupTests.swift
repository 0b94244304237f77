import FactoryCore
import FactoryTestSupport
import Testing

/// The same through the whole line, with agents that work at the same time on the same main branch.
@Suite(.serialized) struct `Groups through the whole line` {
    private static let size = 4

    /// What one pull request does to the file that all of them change: lines of its own, in its own part and, for every
    /// pull request at the same place, at the top.
    private struct Part {
        let number: Int
        let line: Int
        let gone: Int
        let isMoving: Bool

        init(_ number: Int, _ random: inout SeededGenerator) {
            self.number = number
            line = 12 * number + 2 + random.below(4)
            gone = line + 3 + random.below(3)
            isMoving = random.once(in: 2)
        }

        var tags: [String] { ["top \(number)", "inside \(number)"] }

        /// Waits until all are here, so that all stand on one base.
        var script: String {
            """
            touch "$TORTURE/at-$n"
            while [ "$(ls "$TORTURE" | grep -c '^at-')" -lt \(size) ]; do sleep 0.01; done
            sed -i -e '\(gone)d' -e '\(line)a inside \(number)' -e '1i top \(number)' lib/all.txt
            \(isMoving ? "mv lib/\(number)-old.txt lib/\(number)-new.txt; chmod +x lib/\(number)-new.txt" : "")
            implement; finish
            """
        }
    }

    /// Keeps what both sides wrote.
    private static let resolve = """
        sed -i -e '/^|||||||/,/^=======/d' -e '/^<<<<<<< /d' -e '/^=======$/d' -e '/^>>>>>>> /d' lib/all.txt; finish
        """

    @Test(.timeLimit(.minutes(2)), arguments: [1, 2] as [UInt64])
    func `every line of every one is there in the end, and each has landed once`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let parts = (1...Self.size).map { Part($0, &random) }
        var files = ["lib/all.txt": (1...70).map { "line \($0)\n" }.joined()]
        var script = ["implementer": Self.resolve]
        for part in parts {
            files["lib/\(part.number)-old.txt"] = "old \(part.number)\n"
            script["\(part.number)-implementer-1"] = part.script
        }
        script["1-implementer-1", default: ""] = "person_pushes lib/person.txt hello\n" + parts[0].script
        let world = try await World.play(
            script, specs: (1...Self.size).map { Play.spec($0) }, files: files, configuration: "retries: { merge: 9 }",
            concurrency: Self.size)
        try await world.expectLanding()

        let all = try #require(try await world.onMain("lib/all.txt")).split(separator: "\n").map(String.init)
        let gone = Set(parts.map { "line \($0.gone)" })
        let wanted = Set((1...70).map { "line \($0)" }).subtracting(gone).union(parts.flatMap(\.tags))
        #expect(Set(all) == wanted && all.count == wanted.count, "seed \(seed): \(all)")
        for part in parts {
            let place = part.isMoving ? "new" : "old"
            #expect(try await world.onMain("lib/\(part.number)-\(place).txt") == "old \(part.number)\n")
            #expect(try await world.onMain("lib/\(part.number).txt") == "done\n")
        }
        #expect(try await world.onMain("lib/person.txt") == "hello\n")
        let landed = try await world.end().landed
        #expect(landed.sorted() == (1...Self.size).map(String.init), "seed \(seed)")
        // One parent each, and that is the commit before it.
        let merges = try await world.git("rev-list", "--min-parents=2", "main", in: world.hub)
        #expect(merges == "")
    }
}
