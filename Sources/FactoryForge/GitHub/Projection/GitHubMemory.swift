import FactoryCore
import FactoryFiles

/// What the line remembers of GitHub, in one file of its home: numbers, ids, how far it has looked.
///
/// Nothing in it is needed: it saves requests. Who deletes it makes the line look for its own marks again.
package actor GitHubMemory {
    /// What is remembered of one PR.
    struct Pull: Hashable {
        /// Its number on GitHub.
        var number: Int
        /// The entry that was shown to its end.
        var shown: String?
        /// The state's label as the line has set it last.
        var label: String?
        var title: String?
        var remarks: [String: Remark] = [:]
        /// By context: the commit, the state and a check run's id.
        var statuses: [String: Status] = [:]
        /// How many comments there were when it was known which of them are the line's; nil: never looked.
        var commentsKnown: Int?
        /// The newest change of a label that was judged.
        var judged: Int?
        /// Which comments and reviews of others were judged, as fingerprints.
        var comments = ""
        var reviews = ""
        /// What the list of issues said of it when it was looked at last.
        var seen: String?
        /// Whether it was looked at once more since then: the list's times have seconds only, so that what comes in the
        /// same second would not be noticed.
        var isSure = false
        /// Closed by somebody to whom that is not given: to be opened again.
        var reopens = false
        /// Grows whenever it has to be shown again, whatever has been shown.
        var demands = 0
    }

    /// A comment or review that was written.
    struct Remark: Hashable {
        var id: Int
        var print: String
    }

    /// A status that was set.
    struct Status: Hashable {
        var sha: String
        var state: String
        var check: Int?
    }

    /// The report's issue, and the newest day that was told.
    struct Report: Hashable {
        var issue: Int
        var day: String?
    }

    /// Pull requests of others that are remembered.
    private static let othersKept = 500

    private let path: String
    private let repository: String
    private var pulls: [Int: Pull] = [:]
    /// Who the line is, once an answer has told.
    private(set) var account: Account?
    /// The newest change that the list of issues has shown.
    var watermark: String?
    /// Pull requests of nobody's that were looked at, with what the list said of them.
    private var others: [Int: String] = [:]
    var report: Report?
    /// Numbers on GitHub that are to be looked at whatever the list says.
    private var attention: Set<Int> = []
    private var isChanged = false

    /// Reads the file; one that is missing, broken or of another repository is an empty memory.
    package init(at path: String, of place: GitHubPlace) {
        self.path = path
        repository = "\(place.api)\(place.path)"
        guard let text = try? Files.text(path), let json = try? JSON(parsing: text),
            json["repository"]?.string == repository
        else { return }
        account = json["account"].flatMap { Account(remembered: $0) }
        watermark = json["watermark"]?.string
        report = json["report"].flatMap { Report(json: $0) }
        for item in json["others"]?.object?.members ?? [] {
            if let number = Int(item.key) { others[number] = item.value.string }
        }
        for item in json["pulls"]?.object?.members ?? [] {
            if let number = Int(item.key), let pull = Pull(json: item.value) { pulls[number] = pull }
        }
    }

    func pull(_ number: PRNumber) -> Pull? { pulls[number.value] }

    /// The PR of a number on GitHub.
    func number(of pull: Int) -> PRNumber? { pulls.first { $0.value.number == pull }.map { PRNumber($0.key) } }

    /// Changes what is remembered of a PR; nothing when it is not known.
    func update(_ number: PRNumber, _ change: (inout Pull) -> Void) {
        guard var pull = pulls[number.value] else { return }
        change(&pull)
        guard pull != pulls[number.value] else { return }
        pulls[number.value] = pull
        isChanged = true
    }

    /// Remembers under which number GitHub has a PR; another number than before is another pull request.
    func know(_ number: PRNumber, as pull: Int) {
        guard pulls[number.value]?.number != pull else { return }
        pulls[number.value] = Pull(number: pull)
        others[pull] = nil
        isChanged = true
    }

    func forget(_ number: PRNumber) {
        pulls[number.value] = nil
        isChanged = true
    }

    /// Takes from an answer who the line is. The name of an App is known before its id.
    func learn(_ account: Account?) {
        guard let account, account != self.account, self.account?.id == nil || account.id != nil else { return }
        self.account = account
        isChanged = true
    }

    /// Lets the next look be at this one, too.
    func attend(_ pull: Int) { attention.insert(pull) }

    func isAttended(_ pull: Int) -> Bool { attention.contains(pull) }
    var attended: Set<Int> { attention }
    func settled(_ pull: Int) { attention.remove(pull) }

    func other(_ pull: Int) -> String? { others[pull] }

    func note(other pull: Int, _ said: String) {
        if others.count >= Self.othersKept { others = [:] }
        others[pull] = said
        isChanged = true
    }

    func saw(upTo time: String) {
        guard watermark ?? "" < time else { return }
        watermark = time
        isChanged = true
    }

    func remember(_ report: Report) {
        self.report = report
        isChanged = true
    }

    /// Writes the file, if there is anything new. A failure costs requests later, nothing else.
    func save() {
        guard isChanged else { return }
        isChanged = false
        let json: JSON = .object([
            "v": 1, "repository": .string(repository), "account": account?.remembered,
            "watermark": watermark.map { .string($0) }, "report": report?.json,
            "others": .of(others.map { ($0.key, .string($0.value)) }),
            "pulls": .of(pulls.map { ($0.key, $0.value.json) }),
        ])
        try? Files.write(json.bytes(), to: path, mode: 0o600)
    }
}

extension JSON {
    /// An object with numbers as keys, in order.
    fileprivate static func of(_ items: [(Int, JSON)]) -> JSON {
        .object(items.sorted { $0.0 < $1.0 }.reduce(into: JSONObject()) { $0[String($1.0)] = $1.1 })
    }
}
