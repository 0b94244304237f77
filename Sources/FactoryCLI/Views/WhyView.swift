import FactoryCore

/// `why`: what stopped a PR, or what it does and waits for, and the commands that go on from there.
struct WhyView: Sendable {
    let pr: PullRequest
    let story: Story
    let board: Board
    /// The journal's directory, for the commands that look into it.
    let journal: String
    /// Logs of the session that parked it, as they lie on the disk.
    let logs: [String]
    /// All work of its sessions that the journal keeps beside the record.
    var kept: [(session: String, commit: CommitID)] = []
    /// What has moved since the certificate or the plan that waits was shown.
    var moved: [String] = []

    var time: LocalTime { board.time }

    /// When it came into its state.
    var since: Timestamp { story.turn?.entry.entry.at ?? pr.updatedAt }

    var evidence: [Evidence] {
        guard let reason = pr.reason else { return [] }
        if !reason.evidence.isEmpty { return reason.evidence.map { Evidence($0) } }
        return story.parking.map { Evidence.list($0) } ?? []
    }

    /// What the PR was sent back for, while nobody has done anything about it.
    private var openReturn: [String] {
        guard let finish = story.sentBack else { return [] }
        return ["\(finish.stage.rawValue), session \(finish.attempt): \(finish.outcome.phrase)"]
            + Self.shown(Evidence.list(finish))
    }

    /// Commands that show saved work, oldest first.
    var rescued: [(session: String, commit: CommitID, command: String)] {
        let told = story.rescued
        // Work that a guard held back is a commit of the branch; what keeps it has the same name and files.
        let others = kept.filter { item in !told.contains { $0.commit == item.commit || $0.session == item.session } }
        return (told + others).map { session, commit in
            let ref = "refs/factory/rescue/\(pr.number.value)/\(session)"
            return (session, commit, "git --git-dir=\(journal) show \(ref)")
        }
    }

    /// What the PR does or waits for while it is not parked; nil when it is parked or final.
    var waiting: String? { pr.state.isFinal || pr.state == .needsAttention ? nil : board.doing(pr) }

    /// The commands that go on from here.
    var next: [WayOn] {
        let number = pr.number.value
        switch pr.state {
        case .needsAttention:
            guard let reason = pr.reason else { return [] }
            return moved.isEmpty ? parkedWays(reason, number) : renewal(number) + parkedWays(reason, number).dropFirst()
        case .merged:
            let pull = "git pull factory \(board.mainBranch)"
            guard pr.reverted == nil else { return [WayOn(pull, "get the main branch without it")] }
            return [WayOn(pull, "get it"), WayOn("factory revert \(number)", "take it back")]
        case .closed: return [WayOn("factory submit \(pr.specPath)", "start it over")]
        case .queued, .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge:
            return onTheWay(number)
        }
    }

    private func parkedWays(_ reason: Reason, _ number: Int) -> [WayOn] {
        WayOn.list(
            reason, number: number, spec: pr.specPath.description, resume: pr.resume,
            certificate: pr.proposal?.certification.id)
    }

    /// What waits can no longer be approved as it was shown.
    private func renewal(_ number: Int) -> [WayOn] {
        [WayOn("factory retry \(number) && factory run", "have it judged as it is now; then it asks you again")]
    }

    /// The certificate that waits, with what would land.
    private var proposed: CertificateView? {
        guard let id = pr.proposal?.certification.id, let certificate = story.certificate(id) else { return nil }
        return CertificateView(id: id, certificate: certificate)
    }

    private func onTheWay(_ number: Int) -> [WayOn] {
        let park = WayOn("factory park \(number)", "stop it until you say otherwise")
        if board.standing.isStopped { return board.line.ways + [park] }
        if board.working.contains(pr.number) {
            return [WayOn("factory logs \(number) --follow", "watch the session"), park]
        }
        switch board.holds[pr.number] {
        case .dependencies(let numbers):
            return numbers.map(dependency) + [
                again("after taking what it need not wait for out of its depends-on"), park,
            ]
        case .cycle:
            return [again("after taking one number out of its depends-on"), park]
        case .night: return [WayOn("factory run", "do not wait for the night"), park]
        case .budget: return [WayOn("factory run --new-night", "begin another night now"), park]
        case .behind(let other, _): return [dependency(other.value), park]
        case .until, .slot: return [park]
        case nil: return [WayOn("factory run", "let the line go on"), park]
        }
    }

    private func again(_ means: String) -> WayOn { WayOn("factory submit \(pr.specPath)", means) }

    /// What to do about a PR that this one waits for.
    private func dependency(_ number: Int) -> WayOn {
        guard board.unknown.contains(number) else {
            return WayOn("factory why \(number)", "see what #\(number) waits for")
        }
        let digits = String(number)
        let file = "specs/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-*.md"
        return WayOn("factory submit \(file)", "queue #\(number), which was never submitted")
    }

    var json: JSONObject {
        [
            "number": .of(pr.number.value), "spec": .string(pr.specPath.description), "title": .string(pr.title),
            "state": .string(pr.state.rawValue),
            "parkedAt": .orNull(pr.state == .needsAttention ? story.parkedAt?.rawValue : nil),
            "since": .string(since.iso), "reason": pr.reason.map(\.shortJSON) ?? .null,
            "evidence": .array(evidence.map(\.json)), "warnings": .array(pr.warnings.map { Evidence($0).json }),
            "charges": story.chargesJSON, "waiting": .orNull(waiting),
            "waitsFor": .array((waiting == nil ? [] : board.waitsFor(pr.number)).map { .of($0) }),
            "landed": .orNull(pr.landed?.hex), "reverted": .orNull(pr.reverted?.hex), "line": board.lineJSON,
            "certificate": .orNull(pr.proposal?.certification.id.hex), "moved": .of(moved),
            "tried": .array(story.stages.map(\.json)), "checks": .array(story.lastChecks?.checks.map(\.json) ?? []),
            "sentBack": story.sentBack.map { finish in
                .object([
                    "session": .string(finish.session), "outcome": .string(finish.outcome.phrase),
                    "evidence": .array(Evidence.list(finish).map(\.json)),
                ])
            } ?? .null,
            "rescued": .array(
                rescued.map { session, commit, command in
                    .object([
                        "session": .string(session), "commit": .string(commit.hex), "command": .string(command),
                    ])
                }),
            "logs": .of(logs), "next": .array(next.map(\.json)),
        ]
    }
}

extension WhyView {
    var text: String {
        let title = Wording.line(pr.title, limit: 60)
        let blocks: [(label: String, lines: [String])]
        let head: String
        switch pr.state {
        case .needsAttention:
            let place = story.parkedAt.map { " at \($0.rawValue)" } ?? ""
            head = "\(pr.number) \(title) is parked\(place) since \(time.text(since)) (\(time.age(since)))."
            blocks = parkedBlocks
        case .merged:
            let gone = pr.reverted.map { ", and was reverted as \($0.short)" } ?? ""
            head = "\(pr.number) \(title) landed at \(time.text(since)) as \(pr.landed?.short ?? "?")\(gone)."
            blocks = [("Took", rounds), unsteady, warned]
        case .closed:
            let by = story.turn?.entry.entry.by ?? "somebody"
            head = "\(pr.number) \(title) was closed by \(Wording.line(by, limit: 40)) at \(time.text(since))."
            blocks = [
                ("Note", Wording.lines(story.turn?.entry.words ?? "").filter { !$0.isEmpty }), ("Tried", tried), saved,
            ]
        case .queued, .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge:
            head = "\(pr.number) \(title): \(board.doing(pr))."
            blocks = [("Because", because), ("Sent back", openReturn), ("So far", tried), unsteady, charged, saved]
        }
        let ways = Columns.lines(next.map { [$0.command, $0.means] }, indent: 0)
        let all = (blocks + [("You can", ways)]).filter { !$0.lines.isEmpty }
        let stopped = board.line.lines(5)
        let top = stopped + (stopped.isEmpty ? [] : [""])
        return (top + [head, ""] + Columns.labelled(all)).joined(separator: "\n")
    }

    private var parkedBlocks: [(label: String, lines: [String])] {
        let reason = pr.reason
        let question = reason?.kind == .question
        // One objection is the message already.
        let repeated = evidence.count == 1 && evidence[0].message == reason?.message
        return [
            ("Rule", [Wording.line(reason?.rule ?? "", limit: 120)]),
            (question ? "Question" : "", repeated ? [] : Wording.lines(reason?.message ?? "")),
            ("Review", question ? [] : story.parking?.verdict.map { Wording.lines($0.summary) } ?? []),
            ("Would land", proposed.map { ["certificate \($0.id.short): \($0.bound)"] } ?? []),
            ("Moved since", moved),
            ("Evidence", Self.shown(evidence)),
            ("Sent back", openReturn), warned, ("Tried", tried), unsteady, charged, saved, ("Log", logs),
            ("Look at", lookAt),
        ]
    }

    /// What guards objected to without stopping it.
    private var warned: (label: String, lines: [String]) {
        ("Warned", Self.shown(pr.warnings.map { Evidence($0) }))
    }

    /// What fits on a screen.
    private static func shown(_ evidence: [Evidence]) -> [String] {
        let lines = evidence.map(\.text)
        return lines.count > 12 ? lines.prefix(11) + ["… and \(lines.count - 11) more: add --json"] : lines
    }

    /// Figures of money that are not what an agent told.
    private var charged: (label: String, lines: [String]) { ("Charged", story.chargeNotes) }

    /// Checks that did not count against it, or not all of them.
    private var unsteady: (label: String, lines: [String]) {
        ("Checks", (story.lastChecks?.checks ?? []).filter(\.isNotable).map { "\($0.name): \($0.phrase)" })
    }

    private var saved: (label: String, lines: [String]) { ("Saved", rescued.map(\.command)) }

    private var tried: [String] { Columns.lines(story.stages.map(\.cells), indent: 0) }

    /// The command that shows the change, once there is one.
    private var lookAt: [String] {
        guard story.ended.contains(where: { $0.finish.head != nil }) else { return [] }
        let number = pr.number.value
        let read: [String] =
            switch pr.reason?.kind {
            case .approval where pr.reason?.stage == .planReview:
                ["factory show \(number) --plan", "factory show \(number)"]
            case .approval, .shadow: ["factory show \(number) --certificate", "factory show \(number)"]
            case .returns, .failed, .agent, .deferred, .interrupted, .question, .guard, .budget, .contained, .baseLost,
                .contention, .person, nil:
                []
            }
        return read + ["git fetch factory && git diff factory/\(board.mainBranch)...factory/\(pr.branch)"]
    }

    private var rounds: [String] {
        let sessions = pr.counts.values.map(\.attempts).reduce(0, +)
        let rounds = pr.counts[.implementation]?.attempts ?? 0
        let cost = pr.usage.costUSD.map { [Wording.cost($0)] } ?? []
        let span = Wording.duration(since - pr.openedAt) + " from submission"
        return [
            ([Wording.count(rounds, "round") + " of implementation", Wording.count(sessions, "session"), span] + cost)
                .joined(separator: ", ")
        ]
    }

    /// Why it was put off last, while it is.
    private var because: [String] {
        guard pr.notBefore != nil, case .deferred(let deferral)? = story.ended.last?.finish.outcome else { return [] }
        return Wording.lines("\(deferral.kind.rawValue): \(deferral.message)")
    }
}
