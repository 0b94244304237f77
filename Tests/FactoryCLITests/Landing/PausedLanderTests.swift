import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// The real program is stopped right before the main branch would move, the world goes on without it, and it wakes: what
/// it was about to land may not be what ought to land any more.
@Suite(.serialized) struct `A lander that sleeps` {
    /// A line that sleeps with its certificate written and nothing landed; or, after `main`, between the two refs.
    private func asleep(
        _ world: World, after effect: String = "journal certified", _ words: [String] = ["run"]
    ) async throws -> Session {
        let line = try await world.start(words, ["FACTORY_PAUSE_AFTER_EFFECT": effect])
        try await world.sleeps(line)
        return line
    }

    /// Wakes it, once and for each time that it would sleep again, and gives its exit code.
    private func wake(_ line: Session, in world: World) async throws -> Int? {
        let code = Task { await line.code() }
        while try await world.sleepsAgain(line) { line.signal(SIGCONT) }
        return await code.value
    }

    private func expectOne(_ world: World, _ place: SourceLocation = #_sourceLocation) async throws {
        #expect(try await world.end().landed == ["1"], sourceLocation: place)
        #expect(try await world.pr(1).state == .merged, sourceLocation: place)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["close", "park"])
    func `lands nothing that a person has closed or parked meanwhile`(word: String) async throws {
        let world = try await World.play()
        let line = try await asleep(world)
        let before = try await world.end().tree
        try await world.factory(word, "1")
        #expect(try await wake(line, in: world) == (word == "close" ? 0 : 3))
        let end = try await world.end()
        #expect(end.landed == [] && end.tree == before)
        #expect(try await world.pr(1).state == (word == "close" ? .closed : .needsAttention))
        if word == "park" {
            try await world.factory("retry", "1")
            #expect(try await world.run() == 0)
            try await expectOne(world)
        }
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `that has lost its lease finds the work done by the other, and does nothing twice`() async throws {
        let world = try await World.play()
        let line = try await asleep(world)
        // The kernel keeps a sleeper's locks; on a disk that was restored or cleaned up they are gone all the same.
        for lock in try Files.list("\(world.home)/locks") where lock.hasPrefix("pr-") {
            try Files.remove("\(world.home)/locks/\(lock)")
        }
        #expect(try await world.run() == 0)
        try await expectOne(world)
        let landed = try await world.git("rev-parse", "main", in: world.hub)
        #expect(try await wake(line, in: world) == 0, "\(line.errors)")
        #expect(try await world.git("rev-parse", "main", in: world.hub) == landed)
        #expect(try await world.story(1).filter { $0.hasPrefix("Landed") }.count == 1)
        #expect(try await world.story(1).filter { $0.contains("interrupted") }.count == 1)
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `does not land on a main branch that was rewritten`() async throws {
        let world = try await World.play()
        let line = try await asleep(world)
        try await world.git("commit", "-q", "--amend", "--only", "-m", "Rewritten")
        try await world.git("push", "-q", "-f", "factory", "main")
        #expect(try await wake(line, in: world) == 3)
        #expect(try await world.git("log", "-1", "--format=%s", "main", in: world.hub) == "Rewritten")
        #expect(try await world.pr(1).reason?.kind == .baseLost)
        try await world.factory("submit", Play.path(1))
        #expect(try await world.run() == 0)
        try await expectOne(world)
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `lands on a main branch that moved on what was tested on it`() async throws {
        let world = try await World.play()
        let line = try await asleep(world)
        let moved = try await world.advanceMain("lib/person.txt")
        let checks = try await world.checkRuns()
        #expect(try await wake(line, in: world) == 0, "\(line.errors)")
        try await expectOne(world)
        #expect(try await world.checkRuns() == checks + 1)
        #expect(try await world.git("rev-parse", "main^", in: world.hub) == moved)
        #expect(try await world.onMain("lib/person.txt") == "lib/person.txt\n")
        #expect(try await world.onMain("lib/1.txt") == "done\n")
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `lands no spec that was submitted otherwise meanwhile`() async throws {
        let world = try await World.play([
            "planner": "plan; echo $FACTORY_ATTEMPT >> $FACTORY_PLAN; finish",
            "implementer": "echo $FACTORY_ATTEMPT > lib/1.txt; finish",
        ])
        let line = try await asleep(world)
        try world.place(Play.spec(1, context: "Amended.").text, at: Play.path(1))
        try await world.factory("submit", Play.path(1))
        #expect(try await wake(line, in: world) == 0, "\(line.errors)")
        try await expectOne(world)
        #expect(try await world.onMain(Play.path(1))?.contains("Amended.") == true)
        #expect(try await world.onMain("lib/1.txt") == "2\n")
        #expect(try world.starts(of: .codeReviewer) == 2)
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `does not pass over what was pushed to its branch meanwhile`(forced: Bool) async throws {
        let world = try await World.play()
        let line = try await asleep(world)
        try await world.git("fetch", "-q", "factory")
        try await world.git("checkout", "-q", "-b", "edit", "factory/\(Play.branch(1))")
        try world.place("by hand\n", at: "lib/1.txt")
        try await world.git("commit", "-q", "-a", "--no-edit", "-m", "By hand")
        if forced { try await world.git("commit", "-q", "--amend", "-m", "By hand, and otherwise") }
        try await world.git("push", "-q", "-f", "factory", "HEAD:\(Play.branch(1))")
        let pushed = try await world.git("rev-parse", "HEAD")
        #expect(try await wake(line, in: world) == 0, "\(line.errors)")
        try await expectOne(world)
        #expect(try await world.onMain("lib/1.txt") == "by hand\n")
        let pr = try await world.pr(1)
        #expect(pr.head.hex == pushed && pr.reviewedHead == pr.head)
        #expect(try world.starts(of: .codeReviewer) == 2)
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `between the two refs has landed, whoever comes meanwhile`() async throws {
        let world = try await World.play(specs: [Play.spec(1), Play.spec(2)])
        let line = try await asleep(world, after: "main", ["run"])
        // The journal's lock is held by somebody who lives: nobody may take it away from him.
        let closing = try await world.ask(World.program, ["close", "1"])
        #expect(closing.code == 1 && closing.errors.contains("lock"), "\(closing.errors)")
        try await world.git("pull", "-q", "factory", "main")
        try await world.advanceMain("lib/person.txt")
        #expect(try await wake(line, in: world) == 0, "\(line.errors)")
        #expect(try await world.end().landed == ["1", "2"])
        try await world.expectWhole()
    }
}

extension World {
    /// Waits until the program stands still.
    func sleeps(_ session: Session) async throws {
        while try state(of: session) != "T" {
            guard kill(session.pid, 0) == 0 else { throw Failure("it ended instead: \(session.errors)") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Waits until it stands still once more, or has ended: false.
    func sleepsAgain(_ session: Session) async throws -> Bool {
        while true {
            switch try state(of: session) {
            case "T": return true
            case nil, "Z": return false
            default: try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    /// The letter by which the kernel tells what a process does; nil when there is none.
    private func state(of session: Session) throws -> String? {
        guard let text = try? Files.text("/proc/\(session.pid)/stat") else { return nil }
        return text.split(separator: ")").last?.split(separator: " ").first.map(String.init)
    }
}
