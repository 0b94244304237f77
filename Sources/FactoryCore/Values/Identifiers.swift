/// The id of a git object, as 40 lower-case hexadecimal digits.
package protocol ObjectID: Hashable, Sendable, CustomStringConvertible {
    /// 40 lower-case hexadecimal digits.
    var hex: String { get }
    /// Wraps an id that git produced; it is not looked up.
    init(_ hex: String)
}

extension ObjectID {
    package var description: String { hex }
    /// The first nine digits: enough to name an object to a person.
    package var short: String { String(hex.prefix(9)) }
}

/// The id of a commit.
package struct CommitID: ObjectID {
    package let hex: String
    package init(_ hex: String) { self.hex = hex }
}

/// The id of a tree: the content of a directory, and so of a whole checkout.
package struct TreeID: ObjectID {
    package let hex: String
    package init(_ hex: String) { self.hex = hex }
    /// The tree without entries, which git knows without storing it.
    package static let empty = TreeID("4b825dc642cb6eb9a060e54bf8d69288fbee4904")
}

/// The id of a blob: the content of one file, and so a fingerprint of it.
package struct BlobID: ObjectID {
    package let hex: String
    package init(_ hex: String) { self.hex = hex }
    /// The id that git gives to what is not there.
    package static let nothing = BlobID(String(repeating: "0", count: 40))
}

/// The number of a pull request; on the embedded forge it is the number of its spec.
package struct PRNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: Int
    package init(_ value: Int) { self.value = value }
    package static func < (a: PRNumber, b: PRNumber) -> Bool { a.value < b.value }
    package var description: String { "#\(value)" }
}
