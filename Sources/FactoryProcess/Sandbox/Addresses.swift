/// Which addresses are out in the world.
enum Addresses {
    /// Whether an address (4 or 16 bytes) leads out: not to this machine, its own network, a metadata service or nowhere.
    static func isPublic(_ address: [UInt8]) -> Bool {
        switch address.count {
        case 4: !isReserved(address)
        case 16: isPublicVersion6(address)
        default: false
        }
    }

    /// First bytes with the number of bits that count.
    private static let reserved: [([UInt8], Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24), ([203, 0, 113], 24), ([224], 3),
        // A metadata service with a public address.
        ([168, 63, 129, 16], 32),
    ]

    private static func isReserved(_ address: [UInt8]) -> Bool {
        reserved.contains { begins(address, with: $0.0, bits: $0.1) }
    }

    private static func isPublicVersion6(_ address: [UInt8]) -> Bool {
        // Only what is handed out at all, 2000::/3; and those prefixes that carry an address of the old kind inside are
        // judged by it, or not let through where it is hidden.
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        let translated: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
        if address.starts(with: mapped) || address.starts(with: translated) { return isPublic(Array(address[12...])) }
        guard begins(address, with: [0x20], bits: 3) else { return false }
        if begins(address, with: [0x20, 0x02], bits: 16) { return isPublic(Array(address[2..<6])) }
        let hidden = begins(address, with: [0x20, 0x01, 0, 0], bits: 32)
        return !hidden && !begins(address, with: [0x20, 0x01, 0x0d, 0xb8], bits: 32)
    }

    private static func begins(_ address: [UInt8], with prefix: [UInt8], bits: Int) -> Bool {
        for bit in 0..<bits {
            let (byte, mask) = (bit / 8, UInt8(0x80) >> UInt8(bit % 8))
            let wanted = byte < prefix.count ? prefix[byte] : 0
            if address[byte] & mask != wanted & mask { return false }
        }
        return true
    }
}
