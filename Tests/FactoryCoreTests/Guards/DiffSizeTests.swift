import FactoryCore
import Testing

@Suite struct DiffSizeTests {
    /// The shortest edit by the textbook: lengths minus twice the longest common subsequence.
    private func reference(_ a: [String], _ b: [String]) -> Int {
        var row = [Int](repeating: 0, count: b.count + 1)
        for x in a {
            var diagonal = 0
            for (index, y) in b.enumerated() {
                let above = row[index + 1]
                row[index + 1] = x == y ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return a.count + b.count - 2 * (row.last ?? 0)
    }

    private func distance(_ a: String, _ b: String) -> Int { LineDistance.between(Array(a.utf8), Array(b.utf8)) }

    private func lines(_ random: inout Seeded) -> [String] {
        (0..<Int.random(in: 0...20, using: &random)).map { _ in "l\(Int.random(in: 0...6, using: &random))" }
    }

    private func text(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    @Test(arguments: [
        ("", "", 0), ("a\n", "a\n", 0), ("", "a\nb\n", 2), ("a\nb", "", 2), ("a\nb\nc\n", "a\nx\nc\n", 2),
        ("a\n", "a", 2), ("a\nb\n", "a\r\nb\r\n", 4), ("a\na\n", "a\na\na\n", 1), ("ab\n", "ac\n", 2),
        ("a\nb\n", "b\na\n", 2), ("xa\n", "a\n", 2), ("a", "a\nb", 3), ("\n", "\n\n", 1),
    ])
    func `lines are counted as git counts them`(_ row: (String, String, Int)) {
        #expect(distance(row.0, row.1) == row.2)
        #expect(distance(row.1, row.0) == row.2)
    }

    @Test func `small random edits are measured exactly`() {
        var random = Seeded(state: 7)
        for _ in 0..<400 {
            let (a, b) = (lines(&random), lines(&random))
            #expect(LineDistance.between(text(a), text(b)) == reference(a, b), "\(a) \(b)")
        }
    }

    @Test func `large random edits are never measured too low, nor far too high`() {
        var random = Seeded(state: 11)
        for _ in 0..<5 {
            let a = (0..<1200).map { $0 % 4 == 0 ? "}" : "line \($0)" }
            var b = a
            for _ in 0..<300 {
                let place = Int.random(in: 0..<b.count, using: &random)
                if Bool.random(using: &random) { b[place] = "new \(place)" } else { b.remove(at: place) }
            }
            let exact = reference(a, b)
            let measured = LineDistance.between(text(a), text(b))
            #expect(measured >= exact)
            #expect(measured <= exact + exact / 10)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a hundred thousand lines are measured in time, whatever was done to them`() {
        let lines = (0..<100_000).map { "line \($0)" }
        #expect(LineDistance.between(text(lines), text(lines.reversed())) == 2 * 99_999)
        #expect(LineDistance.between(text(lines), text(lines.map { $0 + "x" })) == 200_000)
        let scattered = lines.enumerated().map { $0 % 50 == 0 ? "changed \($0)" : $1 }
        #expect(LineDistance.between(text(lines), text(scattered)) == 4000)
        let same = [String](repeating: "same", count: 100_000)
        #expect(LineDistance.between(text(same), text(Array(same.dropLast(1000)))) == 1000)
    }

    @Test func `limits hold for the sum of all files but spec and plan`() {
        var context = context
        context.limits.diffLines = 3
        context.limits.diffFiles = 2
        let large = "1\n2\n3\n4\n5\n"
        let ours = [file("specs/0007-login.md", nil, large), file("specs/0007-login.plan.md", nil, large)]
        let small = [file("a", "1\n", "2\n"), file("b", nil, "1\n")]
        #expect(DiffSize().judge(Change(files: small + ours), in: context) == [])
        let lines = DiffSize().judge(Change(files: [file("a", "1\n", "2\n"), file("b", nil, "1\n2\n")]), in: context)
        #expect(lines.map(\.message) == ["the change has 4 added and removed lines, the limit is 3"])
        let files = DiffSize().judge(Change(files: small + [file("c", nil, "")]), in: context)
        #expect(files.map(\.message) == ["the change has 3 files, the limit is 2"])
    }

    @Test func `binary content counts as a file without lines`() {
        #expect(DiffSize.lines(of: file("a", "a\0\nb\n", "text\n")) == 0)
        #expect(DiffSize.lines(of: file("a", nil, "text\n")) == 1)
    }
}

/// A generator whose numbers are the same in every run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
    }
}
