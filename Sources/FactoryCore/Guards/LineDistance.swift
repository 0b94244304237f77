/// How many lines an edit adds and removes.
///
/// Exact for small edits; for large ones never too low, and close.
package enum LineDistance {
    /// Lines are told apart with their ends, so a missing last newline or CRLF counts, as it does for git.
    package static func between(_ before: [UInt8], _ after: [UInt8]) -> Int {
        if before.isEmpty || after.isEmpty { return lineCount(before[...]) + lineCount(after[...]) }
        let (a, b) = withoutCommonEnds(before, after)
        return distance(hashes(of: a)[...], hashes(of: b)[...])
    }

    /// The parts that differ, cut at line ends.
    private static func withoutCommonEnds(
        _ a: [UInt8], _ b: [UInt8]
    ) -> (a: ArraySlice<UInt8>, b: ArraySlice<UInt8>) {
        let newline = UInt8(ascii: "\n")
        let shorter = min(a.count, b.count)
        var prefix = 0
        while prefix < shorter, a[prefix] == b[prefix] { prefix += 1 }
        while prefix > 0, a[prefix - 1] != newline { prefix -= 1 }
        var suffix = 0
        while suffix < shorter - prefix, a[a.count - 1 - suffix] == b[b.count - 1 - suffix] { suffix += 1 }
        // The suffix must start behind a newline on both sides, or at the prefix's end on both.
        while suffix > 0, !startsLine(a, a.count - suffix, prefix) || !startsLine(b, b.count - suffix, prefix) {
            suffix -= 1
        }
        return (a[prefix..<a.count - suffix], b[prefix..<b.count - suffix])
    }

    private static func startsLine(_ text: [UInt8], _ index: Int, _ start: Int) -> Bool {
        index == start || text[index - 1] == UInt8(ascii: "\n")
    }

    private static func lineCount(_ text: ArraySlice<UInt8>) -> Int {
        guard let last = text.last else { return 0 }
        return text.count { $0 == UInt8(ascii: "\n") } + (last == UInt8(ascii: "\n") ? 0 : 1)
    }

    /// One hash a line.
    ///
    /// They are seeded anew in every process, so nobody can make two lines pass for one.
    private static func hashes(of text: ArraySlice<UInt8>) -> [Int] {
        text.withUnsafeBytes { text in
            var hashes: [Int] = []
            var start = 0
            while start < text.count {
                var end = start
                while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: text[start..<min(end + 1, text.count)]))
                hashes.append(hasher.finalize())
                start = end + 1
            }
            return hashes
        }
    }

    /// Edits up to this many lines are measured exactly; the cost grows with the square.
    private static let exactLimit = 256

    private static func distance(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> Int {
        if let exact = shortestEdit(a, b) { return exact }
        var total = 0
        var a = a, b = b
        for (inA, inB) in anchors(a, b) {
            total += shortestEdit(a[..<inA], b[..<inB]) ?? (inA - a.startIndex + inB - b.startIndex)
            a = a[(inA + 1)...]
            b = b[(inB + 1)...]
        }
        return total + (shortestEdit(a, b) ?? a.count + b.count)
    }

    /// Myers' greedy search for the shortest edit; nil when it is above the limit.
    private static func shortestEdit(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> Int? {
        if a.isEmpty || b.isEmpty { return a.count + b.count }
        if abs(a.count - b.count) > exactLimit { return nil }
        let bound = min(exactLimit, a.count + b.count)
        // For each diagonal (place in a minus place in b) the furthest place in a that was reached.
        var furthest = [Int](repeating: 0, count: 2 * bound + 3)
        for edits in 0...bound {
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let slot = diagonal + bound + 1
                let down = diagonal == -edits || (diagonal != edits && furthest[slot - 1] < furthest[slot + 1])
                var x = down ? furthest[slot + 1] : furthest[slot - 1] + 1
                var y = x - diagonal
                while x < a.count, y < b.count, a[a.startIndex + x] == b[b.startIndex + y] {
                    x += 1
                    y += 1
                }
                furthest[slot] = x
                if x >= a.count, y >= b.count { return edits }
            }
        }
        return nil
    }

    /// Places of lines that stand once on either side, as many as keep their order: the longest rising run.
    private static func anchors(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> [(Int, Int)] {
        let placesInB = uniquePlaces(b)
        let pairs = uniquePlaces(a).compactMap { line, inA in placesInB[line].map { (inA, $0) } }.sorted { $0.0 < $1.0 }
        var ends: [Int] = []
        var previous = [Int?](repeating: nil, count: pairs.count)
        for index in pairs.indices {
            var low = 0
            var high = ends.count
            while low < high {
                let middle = (low + high) / 2
                if pairs[ends[middle]].1 < pairs[index].1 { low = middle + 1 } else { high = middle }
            }
            previous[index] = low > 0 ? ends[low - 1] : nil
            if low < ends.count { ends[low] = index } else { ends.append(index) }
        }
        var run: [(Int, Int)] = []
        var next = ends.last
        while let index = next {
            run.append(pairs[index])
            next = previous[index]
        }
        return run.reversed()
    }

    private static func uniquePlaces(_ lines: ArraySlice<Int>) -> [Int: Int] {
        var places: [Int: Int?] = [:]
        for index in lines.indices {
            let place: Int? = places[lines[index]] == nil ? index : nil
            places.updateValue(place, forKey: lines[index])
        }
        return places.compactMapValues { $0 }
    }
}
