/// Cuts a stream into lines, without ever keeping more than one of them.
struct LineSplitter {
    /// Bytes of a line that are kept, 1 MiB; the rest of a longer one is dropped.
    static let limit = 1 << 20

    private var pending: [UInt8] = []
    private var isCut = false
    private var isLost = false

    /// Bytes are missing: what comes up to the next line end belongs to no line that is known.
    mutating func skip() { (pending, isCut, isLost) = ([], false, true) }

    /// Calls `line` with each line that is complete, without its end. `isCut`: it was longer than the limit.
    mutating func take(_ bytes: [UInt8], line: (ArraySlice<UInt8>, _ isCut: Bool) -> Void) {
        var rest = bytes[...]
        if isLost {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return }
            rest = rest[(end + 1)...]
            isLost = false
        }
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            if pending.isEmpty, !isCut, end - rest.startIndex <= Self.limit {
                line(rest[rest.startIndex..<end], false)
            } else {
                keep(rest[rest.startIndex..<end])
                line(pending[...], isCut)
            }
            pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16)
            isCut = false
            rest = rest[(end + 1)...]
        }
        keep(rest)
    }

    /// The last line, when no line end has come behind it.
    mutating func finish(line: (ArraySlice<UInt8>, _ isCut: Bool) -> Void) {
        if !pending.isEmpty { line(pending[...], isCut) }
        (pending, isCut) = ([], false)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        let room = Self.limit - pending.count
        if bytes.count > room { isCut = true }
        pending.append(contentsOf: bytes.prefix(room))
    }
}
