/// How often a check was asked about a tree, and how often it did not know.
package struct CheckTally: Hashable, Sendable {
    package var name: String
    /// Trees that it was asked about.
    package var runs = 0
    /// Trees of which its last word was red.
    package var red = 0
    /// Trees of which it gave two answers.
    package var flakes = 0

    package init(name: String) { self.name = name }

    /// One tally for each check that sessions have run; the flakiest first, by the share of their runs, then by name.
    package static func list(_ sessions: some Sequence<Finish>) -> [CheckTally] {
        var tallies: [String: CheckTally] = [:]
        for result in sessions.lazy.flatMap(\.checks) {
            tallies[result.name, default: CheckTally(name: result.name)].count(result)
        }
        return tallies.values.sorted { a, b in
            let (left, right) = (a.flakes * b.runs, b.flakes * a.runs)
            return left == right ? a.name < b.name : left > right
        }
    }

    private mutating func count(_ result: CheckResult) {
        runs += 1
        if !result.isGreen { red += 1 }
        if result.isFlaky { flakes += 1 }
    }
}
