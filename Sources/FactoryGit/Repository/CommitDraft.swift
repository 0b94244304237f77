package import FactoryCore

/// Who did something, and when.
package struct Signature: Hashable, Sendable {
    package var name: String
    package var email: String
    /// Git keeps whole seconds.
    package var when: Timestamp
    /// Minutes east of UTC.
    package var offsetMinutes: Int

    package init(name: String, email: String, when: Timestamp, offsetMinutes: Int = 0) {
        self.name = name
        self.email = email
        self.when = when
        self.offsetMinutes = offsetMinutes
    }

    /// As it stands in a commit.
    ///
    /// Names come from people: what would break out of the line is dropped.
    var encoded: String {
        let minutes = abs(offsetMinutes)
        let zone = "\(offsetMinutes < 0 ? "-" : "+")\(Self.padded(minutes / 60))\(Self.padded(minutes % 60))"
        let name = Self.harmless(name)
        return "\(name.isEmpty ? "unknown" : name) <\(Self.harmless(email))> \(when.seconds) \(zone)"
    }

    private static func padded(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }

    private static func harmless(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 && $0 != "<" && $0 != ">" }
        var rest = Substring(String(String.UnicodeScalarView(kept)))
        // Git itself takes these off both ends.
        let crud: Set<Character> = [" ", ".", ",", ":", ";", "\"", "'", "\\"]
        while let first = rest.first, crud.contains(first) { rest.removeFirst() }
        while let last = rest.last, crud.contains(last), last != "." { rest.removeLast() }
        return String(rest)
    }
}

/// A commit that is not written yet.
///
/// The same draft is always the same id.
package struct CommitDraft: Sendable {
    package var tree: TreeID
    package var parents: [CommitID]
    package var author: Signature
    package var committer: Signature
    /// Written as it is; no line is added or trimmed.
    package var message: [UInt8]

    package init(tree: TreeID, parents: [CommitID], author: Signature, committer: Signature, message: [UInt8]) {
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
    }

    package init(tree: TreeID, parents: [CommitID], author: Signature, committer: Signature, message: String) {
        self.init(
            tree: tree, parents: parents, author: author, committer: committer, message: Array(message.utf8))
    }

    /// The object's content.
    var encoded: [UInt8] {
        var header = "tree \(tree.hex)\n"
        for parent in parents { header += "parent \(parent.hex)\n" }
        header += "author \(author.encoded)\ncommitter \(committer.encoded)\n\n"
        // Git refuses a zero byte in a message.
        return Array(header.utf8) + message.filter { $0 != 0 }
    }
}

/// What a commit says.
package struct CommitInfo: Hashable, Sendable {
    package let tree: TreeID
    package let parents: [CommitID]
    package let author: Signature
    package let committer: Signature
    /// The bytes as written.
    package let message: [UInt8]

    /// The message as text; broken encoding is replaced.
    package var text: String { String(decoding: message, as: UTF8.self) }
    /// The first line of the message, as text.
    package var subject: String {
        String(decoding: message.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
