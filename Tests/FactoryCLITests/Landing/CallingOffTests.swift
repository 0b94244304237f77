import FactoryCore
import FactoryGit
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryLine

/// A remote as the git program makes it: who is cancelled in the middle of a push is told that it failed.
private final class SlowRemote: Publisher {
    private struct Ended: Error {}
    private let remote: Remote
    private let ref: String
    private let state = Mutex((isReached: false, isReleased: false))
    let reached: AsyncStream<Void>
    private let reach: AsyncStream<Void>.Continuation

    init(_ remote: Remote, _ number: PRNumber) {
        self.remote = remote
        ref = JournalStore.ref(number)
        (reached, reach) = AsyncStream.makeStream()
    }

    var isReached: Bool { state.withLock(\.isReached) }
    /// Lets the first push of the PR's record go through.
    func release() { state.withLock { $0.isReleased = true } }

    var squashes: Bool { false }

    func publish(_ ref: String, at commit: CommitID) async throws -> Publication {
        if ref == self.ref {
            state.withLock { $0.isReached = true }
            reach.yield()
            while !Task.isCancelled, !state.withLock(\.isReleased) { await Task.yield() }
        }
        if Task.isCancelled { throw Ended() }
        return try await remote.publish(ref, at: commit)
    }

    func land(_ landing: PublishedLanding) async throws -> PublishedOutcome { try await remote.land(landing) }

    func show(_ branch: String, at head: CommitID?, over shown: CommitID?) async throws {}
}

struct `A worker whose turn has come` {
    private let seven = PRNumber(7)

    @Test(.timeLimit(.minutes(1)))
    func `is not called off because it has moved the pull request itself`() async throws {
        let bare = try BareLine()
        var source = TaggedFiles.Source()
        let (base, files) = try bare.found(&source)
        try await bare.open(seven, on: base, files)
        _ = try await bare.turn(seven)
        try await bare.approveCode(seven)
        // Somebody pushes: the worker takes that up when it is its turn to land, and sends the PR back by it.
        let pr = try await bare.tip(seven).pr
        let pushed = try bare.commit(files, parents: [pr.head], "a person's")
        let branch = "refs/heads/\(pr.branch)"
        try bare.hub.move(branch, from: bare.hub.resolve(branch), to: pushed)
        let remote = SlowRemote(Remote(bare.store), seven)
        await bare.store.publish(by: remote, withArtifacts: false)
        let (ticks, tick) = AsyncStream.makeStream(of: Bool.self)
        let looks = Mutex(0)
        let line = Line(bare.ports, executor: bare.store.executor, ticks: ticks) {
            guard remote.isReached else { return }
            // With the second look the first one is over.
            let count = looks.withLock { looks in
                looks += 1
                return looks
            }
            if count == 2 { remote.release() }
        }
        let run = Task { try await line.run() }
        _ = await remote.reached.first { _ in true }
        for _ in 1...2 { tick.yield(true) }
        try await run.value
        let history = try await bare.store.history(of: seven)
        #expect(history.contains { if case .pushed(pushed, _, _) = $0.entry.event { true } else { false } })
    }
}
