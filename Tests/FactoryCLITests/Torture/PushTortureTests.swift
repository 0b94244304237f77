import FactoryCore
import FactoryFiles
import Glibc
import Testing

extension Torture {
    @Suite struct Pushes {
        /// A commit on top of the PR's branch that adds a file, pushed from a clone of its own.
        private func push(_ world: World, _ file: String = "lib/pushed.txt") async throws {
            let clone = world.scratch + "/clone"
            try Files.remove(clone)
            try await world.git("clone", "-q", "-b", World.branch(1), world.hub, clone)
            try Files.write("pushed\n", to: "\(clone)/\(file)")
            try await world.git("add", "-A", in: clone)
            try await world.commit("Pushed by a person", in: clone)
            try await world.git("push", "-q", "origin", "HEAD:\(World.branch(1))", in: clone)
        }

        private func landed(_ world: World, _ file: String = "lib/pushed.txt") async throws -> String {
            try await world.git("show", "main:\(file)", in: world.hub)
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a push to a queued PR is what the planner sees`() async throws {
            let world = try await World(specs: [1])
            try await push(world)
            #expect(try await world.run() == 0)
            #expect(try await landed(world) == "pushed")
            #expect(try await world.story(1)[1].hasPrefix("Somebody pushed"))
            try await world.expectWhole()
        }

        @Test(
            .timeLimit(.minutes(2)),
            arguments: Torture.isFull ? ["1-code-reviewer", "1-implementer", "check"] : ["1-implementer"])
        func `a push during a session is taken up after it`(place: String) async throws {
            let world = try await World(specs: [1])
            try world.hold(place)
            let line = try await world.start()
            _ = try await world.arrival(place)
            try await push(world)
            try world.release(place)
            #expect(await line.code() == 0)
            #expect(try await landed(world) == "pushed")
            let story = try await world.story(1)
            let pushed = try #require(story.firstIndex { $0.hasPrefix("Somebody pushed") })
            #expect(story[pushed...].contains { $0.hasPrefix("implementation-ci") && $0.hasSuffix("green") })
            #expect(story[pushed...].contains { $0.hasPrefix("code-review") && $0.hasSuffix("approved") })
            try await world.expectWhole()
        }

        @Test(.timeLimit(.minutes(2)))
        func `a push to a parked PR outlives the person's retry`() async throws {
            let world = try await World(specs: [1])
            try world.hold("1-code-reviewer")
            let line = try await world.start()
            _ = try await world.arrival("1-code-reviewer")
            try await world.factory("park", "1")
            #expect(await line.code() == 3)
            try await push(world)
            try await world.factory("retry", "1")
            #expect(try await world.run() == 0)
            #expect(try await landed(world) == "pushed")
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a push that an amendment starts over from is kept beside the record`() async throws {
            let world = try await World(specs: [1])
            try await push(world)
            try Files.write(Scenery.spec(1) + "\nAmended.\n", to: "\(world.app)/\(World.spec(1))")
            try await world.factory("submit", World.spec(1))
            #expect(try await world.run() == 0)
            #expect(try await landed(world, World.spec(1)).contains("Amended."))
            #expect(
                try await world.git("ls-tree", "-r", "--name-only", "main", in: world.hub).contains("pushed") == false)
            #expect(try await world.git("for-each-ref", "refs/factory/rescue/1", in: world.journal).contains("pushed-"))
            try await world.expectWhole()
        }

        /// The pushed branch stands on an older commit of the main branch than the PR did: what came in between must stay.
        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a push that stands on an older main branch takes nothing back`() async throws {
            let world = try await World(specs: [])
            let older = try await world.git("rev-parse", "main", in: world.hub)
            try await world.advanceMain("lib/between.txt")
            try Files.write(Scenery.spec(1), to: "\(world.app)/\(World.spec(1))")
            try await world.factory("submit", World.spec(1))
            let clone = world.scratch + "/clone"
            try await world.git("clone", "-q", world.hub, clone)
            try await world.git("checkout", "-q", "-B", "older", older, in: clone)
            try Files.makeDirectory(clone + "/specs")
            try Files.write(Scenery.spec(1), to: "\(clone)/\(World.spec(1))")
            try Files.write("pushed\n", to: "\(clone)/lib/pushed.txt")
            try await world.git("add", "-A", in: clone)
            try await world.commit("From an older main", in: clone)
            try await world.git("push", "-q", "-f", "origin", "HEAD:\(World.branch(1))", in: clone)
            #expect(try await world.run() == 0)
            #expect(try await landed(world) == "pushed")
            #expect(try await landed(world, "lib/between.txt") == "lib/between.txt")
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a branch that was deleted comes back`() async throws {
            let world = try await World(specs: [1])
            try world.hold("1-code-reviewer")
            let line = try await world.start()
            _ = try await world.arrival("1-code-reviewer")
            try await world.git("push", "-q", "factory", ":\(World.branch(1))")
            try world.release("1-code-reviewer")
            #expect(await line.code() == 0)
            #expect(try await world.end().landed == ["1"])
            try await world.expectWhole()
        }

        @Test(
            Torture.onlyInFull,
            .timeLimit(.minutes(2)),
            arguments: Torture.isFull ? ["1-plan-reviewer", "1-code-reviewer"] : ["1-code-reviewer"])
        func `a main branch that was rewritten parks the PR`(place: String) async throws {
            let world = try await World(specs: [1])
            try world.hold(place)
            let line = try await world.start()
            _ = try await world.arrival(place)
            try await world.git("commit", "-q", "--amend", "-m", "Rewritten")
            try await world.git("push", "-q", "-f", "factory", "main")
            try world.release(place)
            #expect(await line.code() == 3)
            let pr = try await world.pr(1)
            #expect(pr.reason?.kind == .baseLost)
            #expect(try await world.end().landed == [])
            #expect(try await world.factory("why", "1").contains("factory submit"))
            try await world.factory("submit", World.spec(1))
            #expect(try await world.run() == 0)
            #expect(try await world.end().landed == ["1"])
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a main branch that moves during the review is tested again before the landing`() async throws {
            let world = try await World(specs: [1])
            try world.hold("1-code-reviewer")
            let line = try await world.start()
            _ = try await world.arrival("1-code-reviewer")
            let moved = try await world.advanceMain("lib/person.txt")
            try world.release("1-code-reviewer")
            #expect(await line.code() == 0)
            #expect(try await world.git("rev-parse", "main^", in: world.hub) == moved)
            #expect(try await landed(world, "lib/person.txt") == "lib/person.txt")
            try await world.expectWhole()
        }

        @Test(.timeLimit(.minutes(2)))
        func `a conflict with the main branch goes back to the implementer and lands with both parents`() async throws {
            let world = try await World(specs: [1])
            try Files.write("", to: world.control + "/share")
            try world.hold("1-code-reviewer")
            let line = try await world.start()
            _ = try await world.arrival("1-code-reviewer")
            let moved = try await world.advanceMain("lib/shared.txt", "person")
            try world.release("1-code-reviewer")
            #expect(await line.code() == 0)
            #expect(try await landed(world, "lib/shared.txt") == "person\nline")
            let story = try await world.story(1)
            #expect(story.contains { $0.hasPrefix("merge 1: conflict in lib/shared.txt") })
            let head = try await world.pr(1).head.hex
            #expect(try await world.git("rev-list", "--parents", "-1", head, in: world.hub).hasSuffix(" \(moved)"))
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a main branch that moves while the checks of the merge run loses no landing`() async throws {
            let world = try await World(specs: [1])
            try world.hold("1-code-reviewer")
            let line = try await world.start()
            _ = try await world.arrival("1-code-reviewer")
            try await world.advanceMain("lib/first.txt")
            try world.hold("check")
            try world.release("1-code-reviewer")
            _ = try await world.arrival("check")
            let moved = try await world.advanceMain("lib/second.txt")
            try world.release("check")
            #expect(await line.code() == 0)
            #expect(try await world.git("rev-parse", "main^", in: world.hub) == moved)
            #expect(try await world.story(1).contains { $0.contains("moved first") })
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a branch with the number of another PR is refused aloud`() async throws {
            let world = try await World(specs: [1])
            try await world.git("push", "-q", "factory", "main:refs/heads/spec/0001-other")
            let line = try await world.start()
            #expect(await line.code() == 0)
            #expect(line.errors.contains("spec/0001-other was pushed, but is not taken"))
            try await world.expectWhole()
        }
    }
}

extension World {
    func commit(_ message: String, in directory: String) async throws {
        try await git(
            "-c", "user.name=Bob", "-c", "user.email=bob@example.invalid", "commit", "-q", "-m", message, in: directory)
    }

    /// Pushes a commit to the hub's main branch as a person would; gives its id.
    @discardableResult
    func advanceMain(_ path: String, _ text: String? = nil) async throws -> String {
        try Files.write((text ?? path) + "\n", to: "\(app)/\(path)")
        try await git("add", path)
        // What is staged besides is the spec, which is not to go along.
        try await git("commit", "-q", "-m", "A person's commit", "--", path)
        try await git("push", "-q", "factory", "main")
        return try await git("rev-parse", "main")
    }
}
