import FactoryCore
import Testing

/// The gate against weakened tests, judged by changes that are written down: those of the fixtures weaken one thing each,
/// those of the corpus are honest.
@Suite struct TamperTests {
    /// The signals that exist in a language's tests, sources or settings.
    private static let signals = (1...15).map { "T\($0)" } + ["T21"]
    private static let languages = ["javascript", "python", "swift"]

    private static func fixtures() throws -> [TamperCase] { try TamperCase.all(in: "Fixtures") }

    @Test func `every weakening trips its signal, and what looks like one passes`() throws {
        for fixture in try Self.fixtures() {
            let found = fixture.violations
            let signal = String(fixture.place.split(separator: "/").last?.dropLast(4) ?? "")
            if fixture.name.hasPrefix("trip") {
                let isNamed = found.contains { violation in
                    signal == "T21" || violation.message.hasSuffix("(\(signal))")
                }
                #expect(isNamed, "\(fixture) passed: \(found.map(\.message))")
            } else {
                #expect(found.isEmpty, "\(fixture) tripped: \(found.map(\.message))")
            }
        }
    }

    @Test func `every signal has a weakening and what looks like one in every language`() throws {
        let fixtures = try Self.fixtures()
        for language in Self.languages {
            for signal in Self.signals {
                let names = fixtures.filter { $0.place == "\(language)/\(signal).txt" }.map(\.name)
                #expect(names.contains { $0.hasPrefix("trip ") }, "\(language) has no weakening for \(signal)")
                #expect(names.contains { $0.hasPrefix("pass ") }, "\(language) has no near miss for \(signal)")
            }
        }
        #expect(fixtures.allSatisfy { $0.name.hasPrefix("trip ") || $0.name.hasPrefix("pass ") })
    }

    @Test func `honest changes of tests are left in peace`() throws {
        let corpus = try TamperCase.all(in: "Corpus")
        let alarms = corpus.filter { !$0.violations.isEmpty }
        for alarm in alarms { print("false alarm in \(alarm): \(alarm.violations.map(\.message))") }
        print("false alarms: \(alarms.count) of \(corpus.count) honest changes")
        #expect(corpus.count >= 60)
        #expect(alarms.count * 20 <= corpus.count)
    }

    /// Those named `miss` are the known limits, which the documentation lists.
    @Test func `sneaky weakenings trip, but for the known limits`() throws {
        for sneaky in try TamperCase.all(in: "Adversary") {
            let found = sneaky.violations.map(\.message)
            #expect(found.isEmpty == sneaky.name.hasPrefix("miss "), "\(sneaky): \(found)")
        }
    }

    @Test func `every change that is written down changes something in each of its files`() throws {
        for entry in try TamperCase.all(in: "Corpus") + Self.fixtures() + TamperCase.all(in: "Adversary") {
            #expect(!entry.change.files.isEmpty, "\(entry) has no file")
            #expect(entry.change.files.allSatisfy { $0.before?.blob != $0.after?.blob }, "\(entry) changes nothing")
        }
    }
}
