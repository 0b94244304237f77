import FactoryCore

/// What happened to one pull request, as GitHub lists it: enough to know whether anybody else was there.
struct Timeline: Hashable {
    /// A label `state:*` came or went.
    struct Label: Hashable {
        let id: Int
        /// In lower case, without `state:`.
        let name: String
        let isSet: Bool
        let by: Account
        let at: Timestamp?
    }

    /// It was closed, merged or reopened.
    struct End: Hashable {
        let id: Int
        let by: Account
        let kind: Kind
        enum Kind: Hashable { case closed, reopened, merged(CommitID?) }
    }

    private(set) var labels: [Label] = []
    private(set) var ends: [End] = []
    /// What was said: its id and who said it.
    struct Word: Hashable {
        let id: Int
        let by: Account
    }

    private(set) var comments: [Word] = []
    private(set) var reviews: [Word] = []

    init(_ items: [JSON]) {
        for item in items {
            guard let by = Account(item["actor"]) ?? Account(item["user"]) else { continue }
            let id = item["id"]?.int ?? 0
            switch item["event"]?.string {
            case "labeled", "unlabeled":
                let name = item["label"]?["name"]?.string?.lowercased() ?? ""
                guard name.hasPrefix(Projection.labelPrefix) else { continue }
                let state = String(name.dropFirst(Projection.labelPrefix.count))
                let at = item["created_at"]?.string.flatMap { Timestamp($0) }
                labels.append(Label(id: id, name: state, isSet: item["event"]?.string == "labeled", by: by, at: at))
            case "closed": ends.append(End(id: id, by: by, kind: .closed))
            case "reopened": ends.append(End(id: id, by: by, kind: .reopened))
            case "merged":
                ends.append(End(id: id, by: by, kind: .merged(item["commit_id"]?.string.map { CommitID($0) })))
            case "commented": comments.append(Word(id: id, by: by))
            case "reviewed": reviews.append(Word(id: id, by: by))
            default: break
            }
        }
    }

    /// The newest change of a label by a person who is not the line. What robots set is put back.
    func newestLabel(notBy myself: Myself) -> Label? { labels.last { myself.isOther($0.by) } }

    /// The newest state that a person who is not the line has set after an event and that no person has taken away since.
    /// What the line has put in its place counts all the same.
    func wish(after judged: Int, notBy myself: Myself) -> (label: Label, state: State)? {
        let theirs = labels.filter { myself.isOther($0.by) && $0.id > judged }
        for (index, label) in theirs.enumerated().reversed() where label.isSet {
            let isTakenBack = theirs[index...].contains { $0.name == label.name && !$0.isSet }
            if !isTakenBack, let state = State(rawValue: label.name) { return (label, state) }
        }
        return nil
    }

    /// How it ended last, unless it was opened again. A merge says `closed` as well; then the merge counts.
    var end: End? {
        guard let last = ends.last, last.kind != .reopened else { return nil }
        let merge = ends.last { if case .merged = $0.kind { true } else { false } }
        return merge ?? last
    }

    /// A fingerprint of what others have said: one that was deleted and another that came are as many as before. Empty
    /// when they said nothing.
    func comments(notBy myself: Myself) -> String { Self.print(comments, myself) }
    func reviews(notBy myself: Myself) -> String { Self.print(reviews, myself) }

    private static func print(_ words: [Word], _ myself: Myself) -> String {
        let ids = words.filter { myself.isOther($0.by) }.map { String($0.id) }
        return ids.isEmpty ? "" : Print.of(ids.joined(separator: " "))
    }
}
