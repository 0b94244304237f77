import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

@Suite(.timeLimit(.minutes(2))) struct RemoteLeasesTests {
    private let seven = PRNumber(7)
    private let ref = "refs/factory/lease/7"

    /// A clock of one machine, which a test sets.
    private final class Hands: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(_ seconds: Double) { time.withLock { $0 += .seconds(seconds) } }
    }

    private func leases(
        _ hosts: TwoHosts, _ name: String, _ hands: Hands, beat: Double = 3600
    ) throws -> RemoteLeases {
        let host = name.hasPrefix("a") ? hosts.a : hosts.b
        let locks = hosts.directory.path + "/locks-\(name)"
        try Files.makeDirectory(locks)
        var times = RemoteLeases.Times()
        times.beat = beat
        let git = hosts.git(hosts.directory.path + "/\(name.prefix(1))/journal.git")
        return RemoteLeases(
            over: FileLeases(directory: locks), remote: git, store: host.store, host: String(name.prefix(1)),
            times: times, now: { hands.now })
    }

    @Test func `what one machine holds the other one does not get`() async throws {
        let hosts = try await TwoHosts()
        let hands = Hands()
        let (a, b) = (try leases(hosts, "a", hands), try leases(hosts, "b", hands))
        let held = try #require(try await a.take(seven))
        #expect(try await b.take(seven) == nil)
        held.release()
        await a.settle()
        #expect(try await hosts.remoteRef(ref) == nil)
        hands.advance(20)
        #expect(try await b.take(seven) != nil)
    }

    @Test func `a lease that nobody renews is free after a while, one that is renewed is not`() async throws {
        let hosts = try await TwoHosts()
        let hands = Hands()
        let (a, b) = (try leases(hosts, "a", hands), try leases(hosts, "b", hands))
        let held = try #require(try await a.take(seven))
        #expect(try await b.take(seven) == nil)
        hands.advance(170)
        // Renewed: the wait begins anew.
        let renewed = try await hosts.a.store.leaseCommit(host: "a", number: seven)
        let pushed = try await hosts.git(hosts.directory.path + "/a/journal.git").push([
            .init(ref, from: hosts.remoteRef(ref), to: renewed)
        ])
        #expect(pushed == .done)
        #expect(try await b.take(seven) == nil)
        hands.advance(170)
        #expect(try await b.take(seven) == nil)
        hands.advance(20)
        let taken = try #require(try await b.take(seven))
        held.release()
        await a.settle()
        // Who has lost a lease does not give back somebody else's.
        #expect(try await hosts.remoteRef(ref) != nil)
        taken.release()
        await b.settle()
        #expect(try await hosts.remoteRef(ref) == nil)
    }

    @Test func `a machine that died and came back has its own lease at once`() async throws {
        let hosts = try await TwoHosts()
        let hands = Hands()
        let first = try #require(try await leases(hosts, "a", hands).take(seven))
        // Another process of the same machine, with locks of its own: as if the first one were dead.
        #expect(try await leases(hosts, "a2", hands).take(seven) != nil)
        withExtendedLifetime(first) {}
    }

    @Test func `a holder renews by itself`() async throws {
        let hosts = try await TwoHosts()
        let a = try leases(hosts, "a", Hands(), beat: 0.05)
        let held = try #require(try await a.take(seven))
        let first = try await hosts.remoteRef(ref)
        var now = first
        while now == first { now = try await hosts.remoteRef(ref) }
        #expect(now != nil)
        held.release()
        await a.settle()
        #expect(try await hosts.remoteRef(ref) == nil)
    }

    @Test func `given back while a renewal goes through unheard, it is gone`() async throws {
        let hosts = try await TwoHosts()
        let a = try leases(hosts, "a", Hands(), beat: 0.05)
        let held = try #require(try await a.take(seven))
        let first = try await hosts.remoteRef(ref)
        // From now on the ref moves at once, and who has pushed hears of it late.
        try hosts.answerLate()
        while try await hosts.remoteRef(ref) == first { await Task.yield() }
        held.release()
        await a.settle()
        #expect(try await hosts.remoteRef(ref) == nil)
    }
}
