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
    /// Who commented and reviewed, one for each time.
    private(set) var comments: [Account] = []
    private(set) var reviews: [Account] = []

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
            case "commented": comments.append(by)
            case "reviewed": reviews.append(by)
            default: break
            }
        }
    }

    /// The newest change of a label by a person who is not the line. What robots set is put back.
    func newestLabel(notBy myself: Myself) -> Label? { labels.last { myself.isOther($0.by) } }

    /// How it ended last, unless it was opened again. A merge says `closed` as well; then the merge counts.
    var end: End? {
        guard let last = ends.last, last.kind != .reopened else { return nil }
        let merge = ends.last { if case .merged = $0.kind { true } else { false } }
        return merge ?? last
    }

    func comments(notBy myself: Myself) -> Int { comments.count(where: myself.isOther) }
    func reviews(notBy myself: Myself) -> Int { reviews.count(where: myself.isOther) }
}
