import FactoryCore
import FactoryGit
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryLine

/// A clock on which waiting takes no time.
private final class HurriedClock: WallClock {
    private let time = Mutex(Timestamp.noon)
    func now() -> Timestamp { time.withLock { $0 } }
    func minuteOfDay() -> Int { 0 }
    func sleep(seconds: Double) async { time.withLock { $0 = $0 + seconds } }
}

/// What a remote that is away answers.
private struct Away: PassingError, CustomStringConvertible {
    var passes: Bool { true }
    var description: String { "the remote is away" }
}

/// Counts down to when a remote is back.
private final class Outage: Sendable {
    private let count: Int
    private let left: Mutex<Int>
    init(_ count: Int) {
        self.count = count
        left = Mutex(count)
    }
    /// How often it was tried.
    var met: Int { count - left.withLock { $0 } }
    var isOver: Bool { left.withLock { $0 <= 0 } }
    func meet() throws {
        let isAway = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if isAway { throw Away() }
    }
}

private struct AbsentLeases: Leases {
    let outage: Outage
    func take(_ number: PRNumber) async throws -> (any Lease)? {
        try outage.meet()
        return try Nobody().take(number)
    }
    func endProcesses(marked marker: String) -> Int { 0 }
}

private struct AbsentUpstream: UpstreamLink {
    var outage = Outage(0)
    var pushing = Outage(0)
    var landsAtOnce: Bool { false }
    func fetch() async throws { try outage.meet() }
    func push() async throws { try pushing.meet() }
}

/// The whole loop over a remote that is away for a while.
struct `A remote that is away` {
    private let seven = PRNumber(7)
    private let bare: BareLine
    private let remote: Remote
    private let said = Said()

    private final class Said: Sendable {
        private let texts = Mutex<[String]>([])
        func note(_ text: String) { texts.withLock { $0.append(text) } }
        func count(of words: String) -> Int { texts.withLock { $0.filter { $0.contains(words) }.count } }
    }

    /// A pull request that is to be merged.
    init() async throws {
        bare = try BareLine()
        remote = Remote(bare.store)
        await bare.store.publish(by: remote, withArtifacts: false)
        var source = TaggedFiles.Source()
        let (base, files) = try bare.found(&source)
        try await bare.open(seven, on: base, files)
        _ = try await bare.turn(seven)
        try await bare.approveCode(seven)
    }

    private func run(_ clock: HurriedClock = HurriedClock(), _ change: (inout LinePorts) -> Void = { _ in })
        async throws
    {
        var ports = bare.ports
        ports.clock = clock
        ports.observe = { [said] event in if case .warning(let text) = event { said.note(text) } }
        change(&ports)
        try await Line(ports, executor: bare.store.executor).run()
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 40])
    func `while no lease can be taken the line waits, and then it goes on`(times: Int) async throws {
        let outage = Outage(times)
        try await run { $0.leases = AbsentLeases(outage: outage) }
        #expect(try await bare.tip(seven).pr.state == .merged)
        #expect(said.count(of: "what needs it waits") == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `while nothing can be fetched the pull request is put off, and counts nothing`() async throws {
        let outage = Outage(3)
        try await run { $0.upstream = AbsentUpstream(outage: outage) }
        let pr = try await bare.tip(seven).pr
        #expect(pr.state == .merged && outage.isOver)
        #expect(pr.counts[.merge]?.failures == 0 && pr.counts[.merge]?.attempts == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what landed while nothing could be pushed is pushed before the line ends`() async throws {
        let pushing = Outage(3)
        try await run { $0.upstream = AbsentUpstream(pushing: pushing) }
        #expect(try await bare.tip(seven).pr.state == .merged)
        #expect(pushing.isOver && pushing.met >= 4)
    }

    @Test(.timeLimit(.minutes(1)), arguments: 1...6)
    func `whatever cannot be published for a while is recorded once, and lands`(times: Int) async throws {
        let outage = Outage(times)
        remote.answer { _ in
            try outage.meet()
            return nil
        }
        try await run()
        let pr = try await bare.tip(seven).pr
        #expect(pr.state == .merged && outage.isOver, "\(pr.state)")
        #expect(pr.counts[.merge]?.failures == 0 && pr.counts[.merge]?.interruptions == 0)
        #expect(try await bare.audit().run().problems == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that does not come back ends the line after a day`() async throws {
        let clock = HurriedClock()
        await #expect(throws: Away.self) {
            try await run(clock) { $0.leases = AbsentLeases(outage: Outage(.max)) }
        }
        #expect(clock.now() - .noon >= 24 * 3600)
        #expect(clock.now() - .noon < 25 * 3600)
    }
}
