import FactoryAgents
import FactoryCore

/// Numbers and names as people read them.
enum Wording {
    /// A span of seconds, in the largest unit that fits.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(Int(seconds)) s"
        case ..<(90 * 60): "\(Int(seconds / 60)) min"
        case ..<(48 * 3600): "\(Int(seconds / 3600)) h"
        default: "\(Int(seconds / 86_400)) days"
        }
    }

    /// An amount such as `4.10 USD`.
    static func cost(_ usd: Double) -> String {
        let cents = Int((usd * 100).rounded())
        return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100) USD"
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// `#1`, `#1 and #2`, `#1, #2 and #3`.
    static func numbers(_ numbers: [Int]) -> String { list(numbers.map { "#\($0)" }) }

    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    /// A stranger's text on one line that cannot steer a terminal.
    static func line(_ text: String, limit: Int = 200) -> String { CleanText.line(text, limit: limit) }

    /// A stranger's text with its lines.
    static func lines(_ text: String, limit: Int = 4000) -> [String] {
        CleanText.cut(text, lines: .many, limit: limit).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}

/// Rows whose columns stand below each other.
enum Columns {
    /// The lines, each behind `indent` blanks; columns are two blanks apart, the last one is not filled up.
    static func lines(_ rows: [[String]], indent: Int = 2) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.dropLast().enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            let cells = row.dropLast().enumerated().map { index, cell in padded(cell, to: widths[index]) }
            return trimmed(
                String(repeating: " ", count: indent) + (cells + row.suffix(1)).joined(separator: "  "))
        }
    }

    /// Lines behind labels: a label stands before the first of its lines, the others stand below that one.
    static func labelled(_ blocks: [(label: String, lines: [String])], indent: Int = 2) -> [String] {
        let rows = blocks.flatMap { label, lines in
            lines.enumerated().map { index, line in [index == 0 ? label : "", line] }
        }
        return Self.lines(rows, indent: indent)
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func trimmed(_ text: String) -> String { String(text.reversed().drop { $0 == " " }.reversed()) }
}
