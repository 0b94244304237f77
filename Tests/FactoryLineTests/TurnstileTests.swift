import Synchronization
import Testing

@testable import FactoryLine

/// Waiting for each other: no more than the limit, first come, first served, and no trace of who gave up.
@Suite(.timeLimit(.minutes(1))) struct TurnstileTests {
    /// Lets go of whoever waits at it.
    private struct Gate {
        private let stream: AsyncStream<Void>
        let open: AsyncStream<Void>.Continuation
        init() { (stream, open) = AsyncStream.makeStream() }
        func wait() async { for await _ in stream {} }
    }

    private final class Order: Sendable {
        private let numbers = Mutex<[Int]>([])
        func append(_ number: Int) { numbers.withLock { $0.append(number) } }
        var all: [Int] { numbers.withLock { $0 } }
    }

    private final class Tally: Sendable {
        private let value = Mutex(0)
        func add(_ number: Int) -> Int {
            value.withLock { value in
                value += number
                return value
            }
        }
        func rise(to number: Int) { value.withLock { $0 = max($0, number) } }
    }

    private func until(_ turnstile: Turnstile, waiting count: Int) async {
        while turnstile.waiting != count { await Task.yield() }
    }

    @Test func `places are given in the order of coming`() async {
        let (turnstile, gate) = (Turnstile(), Gate())
        let order = Order()
        await withTaskGroup { group in
            group.addTask { await turnstile.pass(limit: 1) { await gate.wait() } }
            // The first has the place once the second waits.
            for number in 1...20 {
                group.addTask { await turnstile.pass(limit: 1) { order.append(number) } }
                while turnstile.waiting < number - 1 { await Task.yield() }
                await until(turnstile, waiting: number)
            }
            gate.open.finish()
        }
        #expect(order.all == Array(1...20))
        #expect(turnstile.waiting == 0)
    }

    @Test func `no more are inside than the limit, whoever comes and gives up`() async {
        let turnstile = Turnstile()
        let (inside, most) = (Tally(), Tally())
        var passed = 0
        await withTaskGroup(of: Bool.self) { group in
            for number in 1...300 {
                let task = Task {
                    await turnstile.pass(limit: 3) {
                        most.rise(to: inside.add(1))
                        for _ in 1...5 { await Task.yield() }
                        _ = inside.add(-1)
                    } != nil
                }
                if number % 3 == 0 { task.cancel() }
                group.addTask { await task.value }
            }
            for await done in group where done { passed += 1 }
        }
        #expect(most.add(0) <= 3)
        #expect(passed >= 200)
        #expect(turnstile.waiting == 0)
        #expect(await turnstile.pass(limit: 1) { true } == true, "no place was lost")
    }

    @Test func `who gives up while waiting gets nothing and leaves his place to the next`() async {
        let (turnstile, gate) = (Turnstile(), Gate())
        let holder = Task { await turnstile.pass(limit: 1) { await gate.wait() } }
        let first = Task { await turnstile.pass(limit: 1) { true } }
        await until(turnstile, waiting: 1)
        let second = Task { await turnstile.pass(limit: 1) { true } }
        await until(turnstile, waiting: 2)
        first.cancel()
        #expect(await first.value == nil)
        gate.open.finish()
        #expect(await second.value == true)
        _ = await holder.value
    }

    @Test func `a larger limit lets those in who wait already`() async {
        let (turnstile, gate) = (Turnstile(), Gate())
        let holder = Task { await turnstile.pass(limit: 1) { await gate.wait() } }
        let waiter = Task { await turnstile.pass(limit: 1) { true } }
        await until(turnstile, waiting: 1)
        #expect(await turnstile.pass(limit: 3) { true } == true)
        #expect(await waiter.value == true)
        gate.open.finish()
        _ = await holder.value
    }
}
