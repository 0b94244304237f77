import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// A remote that does not answer, for a moment or for long.
@Suite(.timeLimit(.minutes(2))) struct AbsentRemoteTests {
    private let seven = PRNumber(7)

    private func leases(_ world: GitHubWorld) throws -> RemoteLeases {
        let locks = world.directory.path + "/locks"
        try Files.makeDirectory(locks)
        return RemoteLeases(
            over: FileLeases(directory: locks), remote: world.git("journal.git"), store: world.store, host: "a")
    }

    @Test func `a lease is taken although the remote fails once`() async throws {
        try await GitHubWorld.run { world in
            try await world.fake.fault(["kind": "status", "status": 503, "path": "git-upload-pack"])
            let leases = try leases(world)
            let lease = try #require(try await leases.take(seven))
            lease.release()
            await leases.settle()
        }
    }

    @Test func `a lease that cannot be asked for is an error that passes, and comes soon`() async throws {
        try await GitHubWorld.run { world in
            try await world.fake.fault(["kind": "status", "status": 503, "path": "git-upload-pack", "times": .null])
            let leases = try leases(world)
            let before = world.clock.now()
            let error = try await #require(throws: GitHubError.self) { try await leases.take(seven) }
            #expect(error.isPassing && world.clock.now() - before < 10, "\(error)")
            // Nobody holds anything then.
            try await world.fake.control("clear", .object([:]))
            #expect(try await leases.take(seven) != nil)
            await leases.settle()
        }
    }

    @Test func `what could not be published stands here, and is published with the next look`() async throws {
        try await GitHubWorld.run { world in
            try await world.open()
            try await world.fake.fault(["kind": "status", "status": 503, "path": "git-receive-pack", "times": .null])
            let error = try await #require(throws: GitHubError.self) { try await world.append(.noted("later")) }
            #expect(error.isPassing)
            let tip = try #require(try await world.store.tip(of: seven))
            try await world.fake.control("clear", .object([:]))
            try await world.mirror.sync()
            let there = try await world.git("journal.git").list(["refs/factory/pr/7"])
            #expect(there["refs/factory/pr/7"] == tip.id)
        }
    }
}
