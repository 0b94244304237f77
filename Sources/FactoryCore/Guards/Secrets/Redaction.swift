/// Takes credentials out of what programs print, before it is kept anywhere.
///
/// It finds what the secret guard finds, and the values of variables that were handed to the program. It cannot find what
/// it does not know: a password in words, a credential that was cut in two or written in another form.
package struct Redaction: Sendable {
    /// A value that must not be kept, and the variable that it came in.
    private struct Known {
        let name: String
        let value: [UInt8]
    }

    /// Values that are shorter stand in too many texts by chance.
    private static let shortest = 8
    private static let longestKey = 16 << 10

    private let known: [Known]
    private let isFirst: [Bool]

    /// `values` are those of variables, by name.
    package init(values: [String: String] = [:]) {
        known = values.filter { $0.value.utf8.count >= Self.shortest }
            .map { Known(name: $0.key, value: Array($0.value.utf8)) }
            .sorted { ($1.value.count, $0.name) < ($0.value.count, $1.name) }
        var first = [Bool](repeating: false, count: 256)
        for item in known { first[Int(item.value[0])] = true }
        isFirst = first
    }

    /// The bytes with every credential replaced by what it was.
    package func clean(_ bytes: [UInt8]) -> [UInt8] {
        let found = marks(in: bytes)
        guard !found.isEmpty else { return bytes }
        var cleaned: [UInt8] = []
        var position = 0
        for mark in found where mark.range.lowerBound >= position {
            cleaned += bytes[position..<mark.range.lowerBound]
            cleaned += Array("[redacted: \(mark.name)]".utf8)
            position = mark.range.upperBound
        }
        return cleaned + bytes[position...]
    }

    private struct Mark {
        let range: Range<Int>
        let name: String
    }

    /// In order; of two that overlap the first counts.
    private func marks(in bytes: [UInt8]) -> [Mark] {
        let shapes = SecretScanner.findings(in: bytes).map { finding in
            let end = finding.range.upperBound
            let isKey = bytes[finding.range.lowerBound] == UInt8(ascii: "-")
            return Mark(
                range: finding.range.lowerBound..<(isKey ? Self.endOfKey(in: bytes, from: end) : end),
                name: finding.kind)
        }
        return (shapes + values(in: bytes)).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func values(in bytes: [UInt8]) -> [Mark] {
        guard !known.isEmpty else { return [] }
        var marks: [Mark] = []
        var index = 0
        while index < bytes.count {
            guard isFirst[Int(bytes[index])], let item = known.first(where: { bytes[index...].starts(with: $0.value) })
            else {
                index += 1
                continue
            }
            marks.append(Mark(range: index..<index + item.value.count, name: item.name))
            index += item.value.count
        }
        return marks
    }

    /// The end of a private key's block, whose first run of base64 ends at `start`: its closing line, if there is one
    /// near.
    private static func endOfKey(in bytes: [UInt8], from start: Int) -> Int {
        let closing = Array("-----END ".utf8)
        let limit = min(bytes.count, start + longestKey)
        var index = start
        while index < limit, !bytes[index...].starts(with: closing) { index += 1 }
        guard index < limit else { return limit }
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        return index
    }
}
