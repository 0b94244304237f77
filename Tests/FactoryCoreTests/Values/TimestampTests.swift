import FactoryCore
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_795_246_344_120, "2026-11-21T07:32:24.120Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
    func `a moment is written and read`(_ row: (milliseconds: Int64, text: String)) {
        let moment = Timestamp(milliseconds: row.milliseconds)
        #expect(moment.description == row.text)
        #expect(Timestamp(row.text) == moment)
        #expect(Timestamp(moment.iso) == Timestamp(seconds: moment.seconds))
    }

    @Test func `any moment comes back as it was`() {
        var random = Seeded(state: 9)
        for _ in 0..<2000 {
            let moment = Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(Timestamp(moment.description) == moment)
        }
    }

    @Test(arguments: [
        "", "Z", "2026-11-21", "2026-11-21T07:32:24", "2026-11-21T07:32:24+00:00", "2026-11-21 07:32:24Z",
        "2026:11:21-07T32.24Z", "2026--11-21T07:32:24Z", "2026-11-21T07:32:24.5Z", "2026-11-21T07:32:24.1234Z",
        "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "+026-01-01T00:00:00Z", "2026-01-01T00:00:-1Z", "2026-01-01T00:00:00z",
        "٢٠٢٦-01-01T00:00:00Z",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `seconds are added to the nearest millisecond and stop at the ends of time`() {
        let zero = Timestamp(milliseconds: 0)
        #expect((zero + 0.57).milliseconds == 570)
        #expect((zero + -1.0015).milliseconds == -1002)
        #expect((zero + .infinity).milliseconds == .max)
        #expect((Timestamp(milliseconds: .max) + 1).milliseconds == .max)
        #expect((Timestamp(milliseconds: .min) + -1).milliseconds == .min)
        #expect((zero + .nan) == zero)
        #expect(Timestamp(seconds: 90) - Timestamp(milliseconds: 500) == 89.5)
        #expect(Timestamp(milliseconds: .max) - Timestamp(milliseconds: .min) > 1e16)
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(Timestamp(milliseconds: .min).description.hasSuffix("Z"))
    }
}
