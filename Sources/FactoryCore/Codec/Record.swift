/// The body of one journal entry: the event, and the PR as it stands after it.
package struct Record: Hashable, Sendable, JSONCodable {
    /// The version of the body that this program writes.
    package static let version = 1
    package var entry: Entry
    package var state: PullRequest

    package init(entry: Entry, state: PullRequest) {
        self.entry = entry
        self.state = state
    }

    package var json: JSON { .object(["v": .of(Self.version), "event": entry.json, "state": state.json]) }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "entry")
        entry = try reader.value("event")
        state = try reader.value("state")
    }

    /// Reads a body. Throws when it is no JSON or not a journal entry.
    package init(parsing body: [UInt8]) throws(CodecError) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: body) } catch { throw CodecError("entry", error.description) }
        try self.init(json: json)
    }
}
