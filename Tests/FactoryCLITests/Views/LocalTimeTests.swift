import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct LocalTimeTests {
    @Test func `times are those of the reader's clock`() throws {
        let night = try #require(Timestamp("2026-11-20T23:12:00Z"))
        #expect(morning.text(night) == "00:12")
        #expect(morning.text(night + -3600) == "20 Nov 23:12")
        #expect(morning.full(night) == "21 Nov 00:12")
    }

    @Test func `west of Greenwich the day begins later`() throws {
        let now = try #require(Timestamp("2026-11-21T02:00:00Z"))
        let time = LocalTime(now: now, minuteOfDay: 18 * 60)
        #expect(time.full(now) == "20 Nov 18:00")
        #expect(time.latest("17:30") == now + -1800)
    }

    @Test(arguments: [("07:00", -1920.0), ("22:00", -34_320), ("7:32", 0)])
    func `a time of day is the newest one`(clock: String, seconds: Double) {
        #expect(morning.latest(clock) == morning.now + seconds)
    }

    @Test(arguments: ["24:00", "7", "7:60", "7:5x", "", "07:00:00", "-1:00", "+7:00"])
    func `what is no time of day is refused`(text: String) { #expect(morning.latest(text) == nil) }

    @Test(arguments: [(40.0, "40 s"), (840, "14 min"), (18_000, "5 h"), (260_000, "3 days")])
    func `ages are rounded down to the largest unit that fits`(seconds: Double, text: String) {
        #expect(morning.age(morning.now + -seconds) == text)
    }
}
