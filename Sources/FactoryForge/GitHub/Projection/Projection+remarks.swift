import FactoryCore

extension Projection {
    /// What is said of the entries, oldest first.
    static func remarks(_ source: Source) -> [Remark] {
        var remarks: [Remark] = []
        for (index, item) in source.history.enumerated() {
            remarks += said(of: item, source)
            if isParking(source.history, at: index) {
                let isOver = parking(in: source.history) != item.id
                remarks.append(remark(source, item, .parking, isOver ? wasParked(item) : parked(item)))
            }
        }
        return remarks
    }

    private static func said(of item: RecordedEntry, _ source: Source) -> [Remark] {
        switch item.entry.event {
        case .finished(let finish): return said(of: finish, item, source)
        case .landed(let commit): return [remark(source, item, .landing, landing(commit, source))]
        case .closed(let note):
            let why = note.isEmpty ? "" : "\n\n\(SafeText.lines(note))"
            return [remark(source, item, .closing, "**Closed** by \(SafeText.line(item.entry.by)).\(why)")]
        case .reverted(let commit):
            let why = "**Reverted** as \(commit.hex) by \(SafeText.line(item.entry.by))."
            return [remark(source, item, .closing, why)]
        case .opened, .amended, .pushed, .started, .certified, .reverting, .approved, .answered, .retried, .resumed,
            .parked, .noted, .unknown:
            return []
        }
    }

    private static func said(of finish: Finish, _ item: RecordedEntry, _ source: Source) -> [Remark] {
        switch finish.outcome {
        case .delivered where finish.stage == .plan: return [remark(source, item, .plan, plan(finish, item, source))]
        case .approved, .changesRequested:
            let kind: Marker.Kind = finish.stage == .planReview ? .planReview : .codeReview
            let review = Review(event: judgement(finish, item, source), commit: item.state.head)
            return [remark(source, item, kind, verdict(finish), review)]
        case .red, .redCandidate: return [remark(source, item, .checks, checks(finish, item, source))]
        case .delivered, .green, .conflict, .failed, .deferred, .interrupted, .lostSwap, .alreadyContained, .baseLost,
            .question, .blocked, .guardTripped, .budgetSpent, .approvalNeeded, .wouldLand, .landed, .redHoldouts:
            return []
        }
    }

    private static func remark(
        _ source: Source, _ item: RecordedEntry, _ kind: Marker.Kind, _ text: String, _ review: Review? = nil
    ) -> Remark {
        let marker = Marker(source.pr.number.value, entry: item.id.hex, kind)
        let body = SafeText.cut(
            marker.text + "\n" + text, rest: "`factory show \(source.pr.number.value)` and `factory logs`")
        return Remark(marker: marker, body: body, review: review)
    }

    /// Only the code review judges, and only the head that stands there: a late approval would count for a newer one.
    private static func judgement(_ finish: Finish, _ item: RecordedEntry, _ source: Source) -> Review.Event {
        guard source.mayJudge, finish.stage == .codeReview, item.state.head == source.pr.head else { return .comment }
        if finish.outcome == .changesRequested { return .requestChanges }
        return source.pr.reviewedHead == source.pr.head ? .approve : .comment
    }

    private static func plan(_ finish: Finish, _ item: RecordedEntry, _ source: Source) -> String {
        let place = link(source.pr.planPath, at: item.state.head, source.site)
        let text = source.plans[item.id].map { "\n\n---\n\n" + SafeText.lines($0) } ?? ""
        return "**Plan**, session \(finish.attempt): \(place)\(text)"
    }

    private static func verdict(_ finish: Finish) -> String {
        let what = finish.stage == .planReview ? "Plan review" : "Code review"
        let summary = finish.verdict?.summary ?? finish.summary
        var blocks = ["**\(what)**, session \(finish.attempt): \(finish.outcome.phrase)"]
        if !summary.isEmpty { blocks.append(SafeText.lines(summary)) }
        let findings = (finish.verdict?.findings ?? []).map { "- \(SafeText.line($0.text, limit: 2000))" }
        if !findings.isEmpty { blocks.append(findings.joined(separator: "\n")) }
        let criteria = (finish.verdict?.criteria ?? []).map { criterion in
            "| \(SafeText.line(criterion.id)) | \(criterion.met.word) | \(SafeText.line(criterion.evidence, limit: 500)) |"
        }
        if !criteria.isEmpty {
            blocks.append((["| Done | Met | Evidence |", "| --- | --- | --- |"] + criteria).joined(separator: "\n"))
        }
        return blocks.joined(separator: "\n\n")
    }

    private static func checks(_ finish: Finish, _ item: RecordedEntry, _ source: Source) -> String {
        let what = finish.outcome == .red ? "the checks are red" : "the checks are red on the candidate for landing"
        var blocks = ["**Checks**, session \(finish.attempt): \(what)"]
        let rows = finish.checks.map { check in
            let end = check.exit.map { $0 == 0 ? "green" : "exit \($0)" } ?? "out of time"
            return "| \(SafeText.line(check.name)) | \(end) | \(Int(check.seconds)) s |"
        }
        if !rows.isEmpty {
            blocks.append((["| Check | End | Time |", "| --- | --- | --- |"] + rows).joined(separator: "\n"))
        }
        if let text = source.failures[item.id] { blocks.append(SafeText.code(String(text.suffix(20_000)))) }
        blocks.append(
            "All of it: `factory logs \(source.pr.number.value) --stage \(finish.stage.rawValue) --attempt "
                + "\(finish.attempt)`")
        return blocks.joined(separator: "\n\n")
    }

    private static func landing(_ commit: CommitID, _ source: Source) -> String {
        let certified = source.history.last { item in
            if case .certified(_, let certification, _, _) = item.entry.event {
                certification.squash == commit
            } else {
                false
            }
        }
        var certificate = ""
        if case .certified(_, let certification, _, _) = certified?.entry.event {
            certificate =
                ", with certificate `\(certification.id.hex)` (`factory show \(source.pr.number.value) --certificate`)"
        }
        return "**Landed** as \(commit.hex)\(certificate)."
    }
}

extension Projection {
    private static func wasParked(_ item: RecordedEntry) -> String {
        "**Needed a person**: \(SafeText.line(item.state.reason?.rule ?? "", limit: 120)). It went on."
    }

    /// Rule, message, evidence, and the commands that go on.
    private static func parked(_ item: RecordedEntry) -> String {
        let pr = item.state
        guard let reason = pr.reason else { return "**Needs a person.**" }
        var blocks = ["**Needs a person**: \(SafeText.line(reason.rule, limit: 200))"]
        if !reason.message.isEmpty { blocks.append(SafeText.lines(reason.message)) }
        let evidence = reason.evidence.map { violation in
            let place = violation.path.map { " `\(SafeText.line($0.description))`" } ?? ""
            return "- \(SafeText.line(violation.rule))\(place): \(SafeText.line(violation.message, limit: 500))"
        }
        if !evidence.isEmpty { blocks.append(evidence.joined(separator: "\n")) }
        let ways = ways(reason, pr).map { "- `\($0)`: \($1)" }
        blocks.append((["In a comment, at the start of a line:", ""] + ways).joined(separator: "\n"))
        return blocks.joined(separator: "\n\n")
    }

    private static func ways(_ reason: Reason, _ pr: PullRequest) -> [(String, String)] {
        let stage = (pr.resume ?? .queued).rawValue
        var ways: [(String, String)] = []
        if reason.kind == .question { ways.append(("/factory answer TEXT", "answer; \(stage) goes on with it")) }
        if reason.kind == .guard {
            let rules = reason.evidence.map(\.rule).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            ways.append(
                (
                    "/factory approve --override \(SafeText.line(rules.joined(separator: ",")))",
                    "overrule for \((pr.withheld ?? pr.head).short)"
                ))
        }
        if reason.kind == .approval {
            let what =
                reason.stage == .planReview ? "let this plan be implemented" : "let exactly \(pr.head.short) land"
            ways.append(("/factory approve", what))
        }
        ways.append(("/factory retry", "go on at \(stage); what you write behind it goes along as a note"))
        ways.append(("/factory close", "give it up"))
        return ways
    }
}

extension Criterion.Met {
    fileprivate var word: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .human: "a person must see"
        }
    }
}
