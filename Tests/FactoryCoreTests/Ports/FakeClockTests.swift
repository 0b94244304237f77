import FactoryCore
import FactoryTestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FakeClockTests {
    @Test func `the time stands still until it is moved`() {
        let clock = FakeClock()
        #expect(clock.now() == .noon)
        #expect(clock.minuteOfDay() == 12 * 60)
        clock.advance(by: 90.5)
        #expect(clock.now() == .noon + 90.5)
        #expect(clock.minuteOfDay() == 12 * 60 + 1)
    }

    @Test func `a sleeper wakes when its time has come and not before`() async {
        let clock = FakeClock()
        let (woken, wake) = AsyncStream.makeStream(of: Int.self)
        for seconds in [30, 10, 20] {
            Task {
                await clock.sleep(seconds: Double(seconds))
                wake.yield(seconds)
            }
        }
        await clock.sleepers(atLeast: 3)
        var order = woken.makeAsyncIterator()
        for expected in [10, 20, 30] {
            clock.advance(by: 10)
            #expect(await order.next() == expected)
        }
    }

    @Test func `a cancelled sleeper wakes at once`() async {
        let clock = FakeClock()
        let sleeper = Task { await clock.sleep(seconds: 60) }
        await clock.sleepers(atLeast: 1)
        sleeper.cancel()
        await sleeper.value
        #expect(clock.now() == .noon)
    }

    @Test func `no time needs no sleep`() async {
        await FakeClock().sleep(seconds: 0)
    }
}
