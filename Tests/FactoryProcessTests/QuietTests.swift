import Synchronization
import Testing

@testable import FactoryProcess

extension ProcessTests {
    @Suite struct QuietTests {
        @Test func `whoever knows of progress is asked when time is up, and not before`() async throws {
            let asked = Mutex(0)
            let start = ContinuousClock.now
            let result = try await ProcessRunner().run(
                .script("while :; do echo x; sleep 0.01; done", limits: ProcessLimits(idle: 0.3, grace: 0.1)),
                quiet: {
                    // Twice there was progress a moment ago, then there is none, whatever is printed.
                    asked.withLock { count in
                        count += 1
                        return count <= 2 ? 0 : 1
                    }
                })
            #expect(result.stopped == .idleLimit)
            #expect(asked.withLock { $0 } == 3)
            #expect(ContinuousClock.now - start >= .seconds(0.9))
        }

        @Test func `a program that ends while it is asked about has ended by itself`() async throws {
            let gate = AsyncStream.makeStream(of: Void.self)
            let result = try await ProcessRunner().run(
                .script("read x; exit 3", input: [], limits: ProcessLimits(wall: 30, idle: 0.1)),
                quiet: {
                    gate.continuation.yield()
                    return 5
                })
            #expect(result.ending == .exited(3) || result.stopped == .idleLimit)
        }

        @Test func `the wall limit holds however lively a program is`() async throws {
            let result = try await ProcessRunner().run(
                .script("sleep 100", limits: ProcessLimits(wall: 0.5, idle: 0.1, grace: 0.1)), quiet: { 0 })
            #expect(result.stopped == .wallLimit)
        }
    }
}
