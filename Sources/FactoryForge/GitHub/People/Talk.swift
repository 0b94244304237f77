import FactoryCore

/// The comments of one pull request: commands of people, and what the line has said itself.
struct Talk {
    /// Commands, oldest first.
    let handles: [Handle]
    /// What the line has refused, by what it was about, and the comment that says so.
    private let refusals: [String: Int]

    init(_ comments: [JSON], myself: Myself, pull: Int, number: PRNumber) {
        var handles: [Handle] = []
        var refusals: [String: Int] = [:]
        var parking: CommitID?
        for item in comments {
            guard let by = Account(item["user"]), let id = item["id"]?.int, let body = item["body"]?.string else {
                continue
            }
            if myself.isMe(by) {
                guard let marker = Marker(startOf: body), marker.number == number.value else { continue }
                if marker.kind == .refusal { refusals[marker.entry] = id }
                if marker.kind == .parking { parking = CommitID(marker.entry) }
                continue
            }
            guard let command = FactoryCommand(in: body) else { continue }
            var handle = Handle(.command(command), by: by, source: "comment-\(id)", pull: pull, number: number)
            handle.isEdited = item["created_at"] != item["updated_at"]
            handle.parkingSeen = parking
            handles.append(handle)
        }
        self.handles = handles
        self.refusals = refusals
    }

    /// Whether the line has said no to it: to this very one, or to the person's rights after it.
    func isRefused(_ handle: Handle) -> Bool {
        if refusals[handle.source] != nil { return true }
        guard let answer = refusals[handle.rightsSource], let id = Int(handle.source.dropFirst("comment-".count)) else {
            return false
        }
        return id < answer
    }
}

extension Handle {
    /// What a refusal for want of rights is marked with: one for each person is enough.
    var rightsSource: String { "rights-\(by.id ?? 0)" }
}
