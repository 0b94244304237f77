import FactoryCore

/// Finds the result in a model's last words, for programs that cannot write it to a file.
enum AnswerDocument {
    /// Places that are tried.
    private static let tries = 64

    /// The last JSON object with a member of that name: the whole text, or what begins at the start of a line. Nil when
    /// there is none.
    static func find(in text: String, having key: String) -> ResultDocument? {
        let bytes = Array(text.utf8.suffix(ResultDocument.limit))
        if let whole = document(bytes[...], key) { return whole }
        guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return nil }
        let starts = bytes.indices.filter { index in
            bytes[index] == UInt8(ascii: "{") && (index == 0 || bytes[index - 1] == UInt8(ascii: "\n"))
        }
        for start in starts.suffix(tries).reversed() where start < end {
            // Up to the end of its fence, or to the last brace there is.
            let fence = fenceEnd(in: bytes, from: start)
            for stop in [fence, end + 1].compactMap(\.self) where stop > start {
                if let found = document(bytes[start..<stop], key) { return found }
            }
        }
        return nil
    }

    private static func document(_ bytes: ArraySlice<UInt8>, _ key: String) -> ResultDocument? {
        guard let document = try? ResultDocument(Array(bytes)), document.object[key] != nil else { return nil }
        return document
    }

    private static func fenceEnd(in bytes: [UInt8], from start: Int) -> Int? {
        let mark = Array("\n```".utf8)
        guard bytes.count - start > mark.count else { return nil }
        return (start...(bytes.count - mark.count)).first { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
    }
}
