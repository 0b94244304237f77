import FactoryCore
import FactoryFiles
import FactoryGit
import Glibc
import Testing

/// Many specs at once, some of them in each other's way: every one lands, or parks for a fault of its own, and nobody
/// works more than he must.
///
/// `FACTORY_CROWD` says how many; without it a share is run.
@Suite(.serialized) struct CrowdTests {
    private static let count = getenv("FACTORY_CROWD").flatMap { Int(String(cString: $0)) } ?? 24

    @Test(.timeLimit(.minutes(30)), arguments: [1, 4, 16])
    func `every spec lands or parks for its own fault, and agents start exactly as due`(concurrency: Int) async throws {
        let crowd = Crowd(Self.count, seed: 29)
        let world = try await Self.world(crowd, concurrency: concurrency)
        let began = Session.now()
        let session = try await world.start()
        let code = await session.code()
        let seconds = Session.now() - began
        #expect(code == 3, "\(session.output)\(session.errors.suffix(2000))")
        let store = try GitStore(hub: world.hub, journal: world.journal, durable: false)
        let all = try await store.list().map(\.pr)
        try await Self.expectEnds(crowd, all, world)
        try await Self.expectStarts(crowd, all, world, concurrency: concurrency)
        try await Self.expectSoundMain(all, store, world)
        await world.dismissAll()
        Self.tell(all, concurrency, seconds)
    }

    private static func world(_ crowd: Crowd, concurrency: Int) async throws -> World {
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
        let world = try World(in: TemporaryDirectory("factory-crowd", in: memory))
        for directory in ["parts", "flakes"] { try Files.makeDirectory("\(world.control)/\(directory)") }
        for (number, part) in crowd.parts { try Files.write(part.words + "\n", to: "\(world.control)/parts/\(number)") }
        try world.place(Crowd.agent, at: "tools/agent.sh")
        try world.place(Crowd.check, at: "tools/check.sh")
        try world.place("empty\n", at: "lib/shared.txt")
        try await world.found(Crowd.configuration(concurrency: concurrency))
        for number in crowd.numbers { try world.place(Crowd.spec(number), at: Crowd.path(number)) }
        let answer = try await world.ask(
            World.program, ["submit"] + crowd.numbers.map(Crowd.path), within: 300)
        #expect(answer.code == 0, "\(answer.errors)")
        return world
    }

    /// Whose work is always red parks for that; all others land, once.
    private static func expectEnds(_ crowd: Crowd, _ all: [PullRequest], _ world: World) async throws {
        #expect(all.map(\.number.value).sorted() == crowd.numbers)
        for pr in all {
            if crowd.parts[pr.number.value] == .redAlways {
                #expect(pr.state == .needsAttention && pr.reason?.rule == "implementation-ci: at most 2 returns")
            } else {
                #expect(pr.state == .merged, "\(pr.number): \(String(describing: pr.reason))")
            }
        }
        let landed = try await world.end().landed
        #expect(landed.count == Set(landed).count && landed.count == all.count { $0.state == .merged })
    }

    private static func expectStarts(
        _ crowd: Crowd, _ all: [PullRequest], _ world: World, concurrency: Int
    ) async throws {
        var started: [Int: [Role: Int]] = [:]
        for line in try world.noted("starts").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let number = Int(words[0]), let role = Role(rawValue: String(words[1])) else {
                Issue.record("a torn line: \(line)")
                continue
            }
            started[number, default: [:]][role, default: 0] += 1
        }
        let order = try await world.end().landed.compactMap { Int($0) }
        for pr in all {
            let number = pr.number.value
            let part = crowd.parts[number]
            let isFirst = order.first { crowd.parts[$0] == part } == number
            let due = crowd.due(number, concurrency: concurrency, isFirst: isFirst)
            var found = Crowd.Starts(roles: started[number] ?? [:])
            found.roles[.codeReviewer, default: 0] += 0
            #expect(due.contains(found), "#\(number) \(part?.words ?? ""): \(found), due \(due)")
            for stage in Stage.allCases {
                guard let role = stage.role else { continue }
                #expect(pr.counts[stage, default: Counts()].attempts == found.roles[role], "#\(number) \(stage)")
            }
        }
    }

    /// Every commit is what was tested, is green when it is checked out, and stands in the record.
    private static func expectSoundMain(_ all: [PullRequest], _ store: GitStore, _ world: World) async throws {
        for pr in all {
            guard let landed = pr.landed else { continue }
            let tree = try await store.tree(of: landed)
            let history = try await store.history(of: pr.number)
            let certificates = history.compactMap { item -> JSON? in
                if case .certified(_, _, let certificate, _) = item.entry.event { certificate } else { nil }
            }
            #expect(certificates.last?["tree"]?.string == tree.hex, "\(pr.number)")
            #expect(certificates.last?["checks"]?.array?.isEmpty == false)
        }
        #expect(try await world.redCommits(["CALM": "1", "SUMS": "landed"], within: 600) == [])
        let sums = try world.noted("landed").split(separator: "\n")
        #expect(sums.count == all.count { $0.state == .merged } + 2)
        // The two commits that the line began with were never tested.
        let untested = Set(sums.dropLast(2)).subtracting(try world.noted("tested").split(separator: "\n"))
        #expect(untested.isEmpty, "\(untested.count) commits are not what was tested")
        let audit = try await world.ask(World.program, ["verify"], within: 300)
        #expect(audit.code == 0, "\(audit.output)")
        #expect(world.strays() == [])
    }

    /// The figures, for `make crowd`.
    private static func tell(_ all: [PullRequest], _ concurrency: Int, _ seconds: Double) {
        guard getenv("FACTORY_CROWD") != nil else { return }
        let landed = all.count { $0.state == .merged }
        let starts = all.map { pr in
            Stage.allCases.filter { $0.role != nil }.map { pr.counts[$0, default: Counts()].attempts }.reduce(0, +)
        }.reduce(0, +)
        let merges = all.map { $0.counts[.merge, default: Counts()].returns }.reduce(0, +)
        print(
            "crowd: \(all.count) specs, \(concurrency) at once: \(landed) landed, \(all.count - landed) parked, "
                + "\(starts) agents, \(merges) sent back at landing, \(Int(seconds * 10) / 10) s")
    }
}
