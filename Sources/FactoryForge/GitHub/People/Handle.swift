package import FactoryCore

/// An account on GitHub.
package struct Account: Hashable, Sendable {
    /// Stays the same when the account is renamed, and comes to nobody else.
    package let id: Int?
    package let login: String
    package let isBot: Bool

    package init(id: Int?, login: String, isBot: Bool = false) {
        self.id = id
        self.login = login
        self.isBot = isBot
    }

    /// As the API shows one; nil for an account that was deleted.
    init?(_ json: JSON?) {
        guard let login = json?["login"]?.string else { return nil }
        self.init(id: json?["id"]?.int, login: login, isBot: json?["type"]?.string == "Bot" || login.hasSuffix("[bot]"))
    }

    /// Whether both are the same account.
    func isSame(as other: Account) -> Bool {
        if let id, let theirs = other.id { return id == theirs }
        return login.lowercased() == other.login.lowercased()
    }
}

/// Who the line is on GitHub.
struct Myself: Hashable, Sendable {
    /// Nil: an App that has not seen its name yet.
    let account: Account?
    let isApp: Bool

    /// Until an App knows its name, it may be any robot: none of them is obeyed anyway.
    func isMe(_ other: Account) -> Bool { account.map { other.isSame(as: $0) } ?? (isApp && other.isBot) }
    /// Whether it is a person who is not the line.
    func isOther(_ other: Account) -> Bool { !other.isBot && !isMe(other) }
}

/// Something that a person did on GitHub and that may mean something to the line.
package struct Handle: Hashable, Sendable {
    /// What the person wants.
    package enum Wish: Hashable, Sendable {
        /// A label `state:*` was set.
        case label(State)
        case command(FactoryCommand)
        /// The pull request was closed without being merged.
        case closed
        /// The pull request was merged by hand.
        case merged(CommitID)
        /// A review, or a comment in the code.
        case note(String)
        /// A pull request that the line does not know yet was queued: its branch and its head.
        case pickUp(branch: String, head: CommitID)
    }

    package var wish: Wish
    package var by: Account
    /// What says so, such as `comment-12` or `event-55`: the journal knows by it that it was done.
    package var source: String
    /// The number of the pull request on GitHub.
    package var pull: Int
    /// The PR's number; nil for one that the line does not know.
    package var number: PRNumber?
    /// Whether somebody, who may be another one, has edited the text since.
    package var isEdited = false
    /// The entry whose parking stood above when it was said.
    package var parkingSeen: CommitID?

    package init(_ wish: Wish, by: Account, source: String, pull: Int, number: PRNumber?) {
        self.wish = wish
        self.by = by
        self.source = source
        self.pull = pull
        self.number = number
    }
}

extension Handle {
    /// What follows from it.
    package enum Answer: Hashable, Sendable {
        case event(Event)
        case nothing
        case refused(String)
    }

    /// What it means for a PR as it stands, by the rules of the command line. `parking` is the entry that it stands
    /// parked by.
    package func answer(on pr: PullRequest, parking: CommitID?) -> Answer {
        switch wish {
        case .label(let state): Self.label(state, pr)
        case .command(let command):
            command.bindsToParking && (parking == nil || parkingSeen != parking)
                ? .refused(Self.unseen(pr)) : Self.command(command, pr)
        case .closed: pr.state.isFinal ? .nothing : .event(.closed(note: "closed on GitHub"))
        case .merged(let commit):
            pr.state.isFinal ? .nothing : .event(.closed(note: "merged by hand on GitHub as \(commit.short)"))
        case .note(let text): pr.state.isFinal || text.isEmpty ? .nothing : .event(.noted(text))
        case .pickUp: .nothing
        }
    }

    private static func unseen(_ pr: PullRequest) -> String {
        pr.state == .needsAttention
            ? "it has changed since: look at what it is about now, and say it again below that"
            : "it \(pr.standing) and waits for no decision"
    }

    private static func label(_ state: State, _ pr: PullRequest) -> Answer {
        if state == pr.state { return .nothing }
        switch state {
        case .queued, .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge:
            return retry(state, note: "", pr)
        case .needsAttention: return judge(.parked(note: "parked on GitHub"), pr)
        case .closed: return judge(.closed(note: "closed on GitHub"), pr)
        case .merged: return .refused("only what has landed is merged: no label makes it so")
        }
    }

    private static func command(_ command: FactoryCommand, _ pr: PullRequest) -> Answer {
        switch command {
        case .approve(let rules):
            let known = Set((pr.reason?.evidence ?? []).map(\.rule))
            if let other = rules.first(where: { !known.contains($0) }) {
                return .refused("no rule `\(SafeText.line(other, limit: 60))` has stopped it")
            }
            return judge(
                .approved(
                    overrides: rules, head: pr.withheld ?? pr.head, of: rules.isEmpty ? waiting(pr) : nil,
                    seeing: pr.reason?.objections(of: rules) ?? []), pr)
        case .answer(let text): return judge(.answered(text), pr)
        case .retry(let state?, let note): return retry(state, note: note, pr)
        case .retry(nil, let note):
            guard pr.state == .needsAttention else {
                return .refused("it \(pr.standing), not parked: name the stage to send it to, `/factory retry STAGE`")
            }
            return retry(pr.resume ?? .queued, note: note, pr)
        case .park(let note): return judge(.parked(note: note), pr)
        case .close(let note): return judge(.closed(note: note), pr)
        case .wrong(let why): return .refused(why)
        }
    }

    /// What waits for an approval: the plan or the certificate that the parking's comment is about.
    private static func waiting(_ pr: PullRequest) -> Approvable? {
        guard pr.reason?.kind == .approval else { return nil }
        return pr.reason?.stage == .planReview
            ? pr.approvedPlan.map { .plan($0) } : pr.proposal.map { .certificate($0.certification.id) }
    }

    private static func retry(_ state: State, note: String, _ pr: PullRequest) -> Answer {
        if pr.approvedPlan == nil, let stage = state.stage, stage >= .implementation, !pr.state.isFinal,
            pr.state != .needsAttention || pr.resume != state
        {
            return .refused("there is no approved plan that \(stage.rawValue) could go by: send it to plan")
        }
        return judge(.retried(to: state, note: note), pr)
    }

    /// The fold is the judge: what it does not take belongs into no journal.
    private static func judge(_ event: Event, _ pr: PullRequest) -> Answer {
        do throws(IllegalMove) {
            _ = try pr.applying(Entry(event, at: pr.updatedAt, by: ""))
            return .event(event)
        } catch { return .refused(SafeText.line("\(error)", limit: 300)) }
    }
}

extension FactoryCommand {
    /// Whether it is about exactly what the person was shown.
    fileprivate var bindsToParking: Bool {
        switch self {
        case .approve, .answer: true
        case .retry, .park, .close, .wrong: false
        }
    }
}

extension PullRequest {
    fileprivate var standing: String {
        switch state {
        case .needsAttention: "is parked"
        case .merged: "has landed"
        case .closed: "is closed"
        case .queued: "is queued"
        case .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge: "is at \(state.rawValue)"
        }
    }
}

extension Entry {
    /// What on GitHub an entry came from, such as `comment-12`.
    package var gitHubSource: String? { extra["github"]?.string }

    /// An entry for what a person did there.
    init(_ event: Event, of handle: Handle, at time: Timestamp) {
        self.init(event, at: time, by: "\(handle.by.login) (GitHub)")
        extra["github"] = .string(handle.source)
        if let id = handle.by.id { extra["user"] = .of(id) }
    }
}
