/// Finds the name that somebody meant, for "did you mean".
package enum NearestName {
    /// The known name that differs least: by at most a third of the letters, and by no more than three. Upper and lower
    /// case count as alike. Of equally near ones the first wins. When none is near, the first that begins with the name.
    package static func suggest(_ name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        guard (1...64).contains(wanted.count) else { return nil }
        let bound = min(3, max(1, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased())
            guard abs(letters.count - wanted.count) <= bound else { continue }
            let distance = distance(wanted, letters)
            if distance <= bound, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        if let best { return best.name }
        return wanted.count < 3 ? nil : known.first { $0.lowercased().hasPrefix(name.lowercased()) }
    }

    /// A sentence part for an error: `; did you mean "timeout"?`, or nothing.
    package static func hint(_ name: String, among known: some Sequence<String>) -> String {
        suggest(name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast = [Int]()
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
