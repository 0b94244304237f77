/// What a person would look at first in the output of a command.
package enum Excerpt {
    /// The failing lines, when it failed and the end does not show them anyway; then the end of the output.
    package static func text(_ output: [UInt8], failed: Bool) -> String {
        let tail = OutputTail.text(output)
        guard failed else { return tail }
        let shown = Set(
            tail.split(separator: "\n").map { CleanText.cut(String($0), lines: .many, limit: FailingLines.lengthLimit) }
        )
        let lines = FailingLines.extract(output)
        guard lines.contains(where: { !shown.contains($0) }) else { return tail }
        return lines.joined(separator: "\n") + "\n\n[the end of the output]\n" + tail
    }
}
