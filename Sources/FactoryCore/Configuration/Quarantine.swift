/// A check whose answer does not count for a while.
package struct Quarantine: Hashable, Sendable {
    /// The check's name.
    package var check: String
    /// The last day on which it does not count.
    package var until: Day
    /// For people: why, and best where it is being mended.
    package var reason: String

    package init(check: String, until: Day, reason: String) {
        self.check = check
        self.until = until
        self.reason = reason
    }
}

extension Configuration {
    /// The last day of a check's quarantine, if it is in one on this day.
    package func quarantine(of check: String, on day: Day) -> Day? {
        quarantine.filter { $0.check == check && day <= $0.until }.map(\.until).max()
    }

    /// What is amiss with the quarantine on a day, a sentence for each entry that does nothing.
    package func quarantineFaults(on day: Day) -> [String] {
        quarantine.compactMap { entry in
            if !checks.contains(where: { $0.name == entry.check }) {
                return "`quarantine:` names the check \(entry.check), which there is not"
            }
            guard entry.until < day else { return nil }
            return "the quarantine of the check \(entry.check) has ended on \(entry.until): it counts again"
        }
    }
}
