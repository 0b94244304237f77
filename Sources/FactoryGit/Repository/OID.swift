import CGit2
import FactoryCore

// Between the ids of the core, which are text, and those of libgit2, which are 20 bytes.

extension git_oid {
    /// Throws for anything but 40 hexadecimal digits.
    init(_ hex: String) throws(GitError) {
        self.init()
        guard hex.utf8.count == 40, git_oid_fromstr(&self, hex) == 0 else {
            throw GitError.failed("read the id '\(hex)'", "an id has 40 hexadecimal digits")
        }
    }

    init(_ id: some ObjectID) throws(GitError) { try self.init(id.hex) }

    /// 40 lower-case hexadecimal digits.
    var hex: String {
        withUnsafeBytes(of: self) { bytes in
            String(unsafeUninitializedCapacity: 40) { digits in
                for (index, byte) in bytes.enumerated() {
                    digits[2 * index] = Self.digit(byte >> 4)
                    digits[2 * index + 1] = Self.digit(byte & 15)
                }
                return 40
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    static func == (a: git_oid, b: git_oid) -> Bool {
        withUnsafePointer(to: a) { left in
            withUnsafePointer(to: b) { right in git_oid_equal(left, right) == 1 }
        }
    }
}

extension ObjectID {
    init(_ id: git_oid) { self.init(id.hex) }
}
