/// Finds credentials in bytes of any kind.
///
/// It knows few shapes and is sure of them; what looks like a placeholder passes.
package enum SecretScanner {
    /// A credential that was found.
    ///
    /// Its description shows the first four characters and no more.
    package struct Finding: Sendable, CustomStringConvertible {
        /// What it is, such as `a GitHub token`.
        package let kind: String
        /// From 1.
        package let line: Int
        /// Where it stands.
        let range: Range<Int>
        /// The bytes themselves: for comparison, never for a log.
        let secret: [UInt8]

        package var description: String { "\(kind) (\(String(decoding: secret.prefix(4), as: UTF8.self))…)" }
    }

    /// The credentials in a file's bytes, in order.
    package static func findings(in bytes: [UInt8]) -> [Finding] {
        bytes.withUnsafeBufferPointer { buffer in
            var findings: [Finding] = []
            var lines = LineCounter()
            var index = 0
            let starters = starters
            while index + 1 < buffer.count {
                let pair = Int(buffer[index]) << 8 | Int(buffer[index + 1])
                guard starters[pair], let found = secret(in: buffer, at: index) else {
                    index += 1
                    continue
                }
                let line = lines.line(at: index, in: buffer)
                let range = index..<found.end
                findings.append(Finding(kind: found.name, line: line, range: range, secret: Array(buffer[range])))
                index = found.end
            }
            return findings
        }
    }

    /// The pairs of bytes that can begin a credential: most bytes are looked at once and no more.
    private static let starters: [Bool] = {
        var pairs = [Bool](repeating: false, count: 1 << 16)
        for start in SecretKind.all.map(\.prefix) + [keyBegin] { pairs[Int(start[0]) << 8 | Int(start[1])] = true }
        return pairs
    }()

    private static func secret(
        in buffer: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (name: String, end: Int)? {
        if buffer[start] == UInt8(ascii: "-") {
            return privateKey(in: buffer, at: start).map { ("a private key", $0) }
        }
        for kind in SecretKind.byFirstByte[Int(buffer[start])] where matches(kind.prefix, in: buffer, at: start) {
            guard isBoundary(in: buffer, before: start) else { return nil }
            var end = start + kind.prefix.count
            while end < buffer.count, kind.alphabet.contains(buffer[end]) { end += 1 }
            let body = buffer[(start + kind.prefix.count)..<end]
            if kind.length.contains(body.count), !isPlaceholder(body) { return (kind.name, end) }
        }
        return nil
    }

    private static func matches(_ text: [UInt8], in buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        start + text.count <= buffer.count && buffer[start..<start + text.count].elementsEqual(text)
    }

    /// Whether no longer word runs into the credential.
    ///
    /// An escape such as `\n` ends a word as well.
    private static func isBoundary(in buffer: UnsafeBufferPointer<UInt8>, before start: Int) -> Bool {
        guard start > 0, SecretKind.Alphabet.wordAndDash.contains(buffer[start - 1]) else { return true }
        return start > 1 && buffer[start - 2] == UInt8(ascii: "\\")
    }

    /// Whether people would take it for an example: a telling word, a run of one character or digits in order, or too
    /// few different characters to be random.
    private static func isPlaceholder(_ body: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        if Set(body).count < 8 { return true }
        let text = String(decoding: body, as: UTF8.self).lowercased()
        return placeholders.contains { text.contains($0) }
    }

    private static let placeholders = [
        "example", "placeholder", "redacted", "changeme", "dummy", "xxxx", "0000", "123456", "abcdef", "your_", "your-",
    ]

    // MARK: Private keys

    private static let keyBegin = Array("-----BEGIN ".utf8)
    private static let keyEnd = Array("PRIVATE KEY".utf8)
    /// A key's header counts only with this much of base64 in one run behind it; without, it is talk about keys.
    private static let keyRun = 40

    /// The end of the block's first run of base64, if a private key's block starts here.
    private static func privateKey(in buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard matches(keyBegin, in: buffer, at: start) else { return nil }
        var header = start + keyBegin.count
        while header < min(start + 40, buffer.count), !matches(keyEnd, in: buffer, at: header) { header += 1 }
        guard matches(keyEnd, in: buffer, at: header) else { return nil }
        var runStart = header + keyEnd.count
        let limit = min(buffer.count, runStart + 400)
        while runStart < limit {
            var end = runStart
            while end < buffer.count, isBase64(buffer[end]) { end += 1 }
            if end - runStart >= keyRun, !isPlaceholder(buffer[runStart..<end]) { return end }
            runStart = end + 1
        }
        return nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        SecretKind.Alphabet.alphanumeric.contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
            || byte == UInt8(ascii: "=")
    }
}
