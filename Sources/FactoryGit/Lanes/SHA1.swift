/// SHA-1, which git puts at the end of its index. libgit2 hashes objects only.
struct SHA1 {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0
    )

    /// The 20 bytes of the hash.
    static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA1()
        let whole = bytes.count / 64 * 64
        var tail = bytes[whole...] + [0x80]
        tail += [UInt8](repeating: 0, count: (120 - tail.count % 64) % 64)
        withUnsafeBytes(of: UInt64(bytes.count * 8).bigEndian) { tail.append(contentsOf: $0) }
        var words = [UInt32](repeating: 0, count: 80)
        words.withUnsafeMutableBufferPointer { words in
            bytes.withUnsafeBytes { raw in
                for start in stride(from: 0, to: whole, by: 64) { hash.take(raw, start, words) }
            }
            Array(tail).withUnsafeBytes { raw in
                for start in stride(from: 0, to: raw.count, by: 64) { hash.take(raw, start, words) }
            }
        }
        let (a, b, c, d, e) = hash.state
        return [a, b, c, d, e].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
    }

    private mutating func take(
        _ block: UnsafeRawBufferPointer, _ start: Int, _ words: UnsafeMutableBufferPointer<UInt32>
    ) {
        for index in 0..<16 {
            words[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self))
        }
        for index in 16..<80 {
            let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
            words[index] = mixed << 1 | mixed >> 31
        }
        var (a, b, c, d, e) = state
        func turn(_ mix: UInt32, _ constant: UInt32, _ word: UInt32) {
            let next = (a << 5 | a >> 27) &+ mix &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, b << 30 | b >> 2, c, d)
        }
        for index in 0..<20 { turn(b & c | ~b & d, 0x5A82_7999, words[index]) }
        for index in 20..<40 { turn(b ^ c ^ d, 0x6ED9_EBA1, words[index]) }
        for index in 40..<60 { turn(b & c | b & d | c & d, 0x8F1B_BCDC, words[index]) }
        for index in 60..<80 { turn(b ^ c ^ d, 0xCA62_C1D6, words[index]) }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }
}
