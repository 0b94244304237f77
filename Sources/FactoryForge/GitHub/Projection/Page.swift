import FactoryCore

/// A pull request as GitHub shows it now.
struct Page: Hashable {
    let number: Int
    let title: String
    let body: String
    let labels: [String]
    let isOpen: Bool
    let isMerged: Bool
    let author: Account?
    /// How many comments it has; nil where the answer does not tell.
    let comments: Int?

    /// An issue's or a pull request's JSON; nil without a number.
    init?(_ json: JSON) {
        guard let number = json["number"]?.int else { return nil }
        self.number = number
        title = json["title"]?.string ?? ""
        body = json["body"]?.string ?? ""
        labels = (json["labels"]?.array ?? []).compactMap { $0["name"]?.string }
        isOpen = json["state"]?.string != "closed"
        let merged = json["pull_request"]?["merged_at"] ?? json["merged_at"] ?? .null
        isMerged = !merged.isNull
        author = Account(json["user"])
        comments = json["comments"]?.int
    }

    /// The labels `state:*`, in lower case.
    var states: [String] { labels.map { $0.lowercased() }.filter { $0.hasPrefix(Projection.labelPrefix) } }
    /// All the others, as they are.
    var others: [String] { labels.filter { !$0.lowercased().hasPrefix(Projection.labelPrefix) } }
}
