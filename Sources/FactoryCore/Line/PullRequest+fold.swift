extension PullRequest {
    /// The PR after an event. Throws when the event does not belong here: an illegal move, or the report of a session
    /// that is not the active one.
    package func applying(_ entry: Entry) throws(IllegalMove) -> PullRequest {
        var next = self
        next.updatedAt = entry.at
        switch entry.event {
        case .opened: throw IllegalMove(state: state, what: "opened again")
        case .amended(let opening): next = try amended(opening, at: entry.at)
        case .pushed(let head, let base, let to): try next.push(head, base: base, to: to)
        case .started(let start): try next.start(start, at: entry.at)
        case .finished(let finish): try next.finish(finish, at: entry.at)
        case .certified(let token, let certification, let certificate, let tested):
            // What GitHub has squashed is found on the main branch, maybe after the session that asked for it.
            guard state == .merge, active?.token == token || certification.route == .api else {
                throw IllegalMove(state: state, what: "certified")
            }
            next.certificate = certification
            if let tested { next.tested = tested }
            next.warnings = Array(Certificate.warnings(of: certificate).prefix(Self.warningLimit))
        case .landed(let commit):
            guard state == .merge, certificate?.squash == commit else {
                throw IllegalMove(state: state, what: "landed")
            }
            next.landed = commit
            next.proposal = nil
            next.end(in: .merged)
        case .approved(let rules, let head, let what, let objections):
            try next.approve(rules, of: what, seeing: objections, head: head, by: entry.by)
        case .reverting(let certification, _, _):
            try next.revert(by: certification, known: nil)
            next.updatedAt = updatedAt
        case .reverted(let commit): try next.revert(by: revert, known: commit)
        case .answered:
            guard state == .needsAttention, reason?.kind == .question, let resume else {
                throw IllegalMove(state: state, what: "answered, because it asks nothing")
            }
            next.end(in: resume)
        case .retried(let to, _):
            guard !state.isFinal, !to.isFinal, to != .needsAttention else {
                throw IllegalMove(state: state, what: "retried from \(to.rawValue)")
            }
            next.startOver(in: to)
        case .resumed(let to, _):
            guard state == .needsAttention, reason?.kind == .shadow, to == resume else {
                throw IllegalMove(state: state, what: "resumed")
            }
            next.end(in: to)
        case .parked(let note): try next.park(note)
        case .closed:
            guard !state.isFinal else { throw IllegalMove(state: state, what: "closed") }
            next.end(in: .closed)
        case .noted, .unknown:
            // What has ended does not become news again by a remark.
            if state.isFinal { next.updatedAt = updatedAt }
        }
        return next
    }

    private func amended(_ opening: Opening, at time: Timestamp) throws(IllegalMove) -> PullRequest {
        guard state != .merged, opening.specPath == specPath else {
            throw IllegalMove(state: state, what: "amended")
        }
        var next = PullRequest(opening, number: number, at: openedAt)
        next.updatedAt = time
        next.counts = counts.mapValues { old in
            var new = Counts()
            new.attempts = old.attempts
            return new
        }
        next.usage = usage
        next.extra = extra
        return next
    }

    private mutating func push(_ head: CommitID, base: CommitID, to: State) throws(IllegalMove) {
        let keepsPlan = to == .implementationCI && approvedPlan != nil
        guard !state.isFinal, to == .queued || keepsPlan || to == state else {
            throw IllegalMove(state: state, what: "pushed to")
        }
        self.head = head
        self.base = base
        let parked = state == .needsAttention && to == .needsAttention
        let (reason, resume) = (self.reason, self.resume)
        end(in: to)
        if parked { (self.reason, self.resume) = (reason, resume) }
        if to == .queued { voidPlan() }
        (tested, reviewedHead, overrides, warnings) = (nil, nil, [], [])
        voidLanding()
    }

    private mutating func start(_ start: Start, at time: Timestamp) throws(IllegalMove) {
        let admitted = state == .queued && start.stage == .plan
        guard admitted || state == start.stage.state, active == nil,
            start.attempt == counts[start.stage, default: Counts()].attempts + 1
        else { throw IllegalMove(state: state, what: "started in \(start.stage.rawValue)") }
        state = start.stage.state
        notBefore = nil
        if start.stage == .merge { warnings = [] }
        counts[start.stage, default: Counts()].attempts += 1
        active = Session(token: start.token, stage: start.stage, attempt: start.attempt, startedAt: time)
        if start.head != head {
            reviewedHead = nil
            voidLanding()
        }
        head = start.head
        base = start.base
        if let plan = start.plan { approvedPlan?.plan = plan }
    }

    private mutating func finish(_ finish: Finish, at time: Timestamp) throws(IllegalMove) {
        guard let active, active.token == finish.token, active.stage == finish.stage,
            active.attempt == finish.attempt, finish.move.isSound,
            Self.arrows(from: finish.stage, on: finish.outcome).contains(finish.move.to)
        else { throw IllegalMove(state: state, what: "finished as \(finish.outcome.name)") }
        count(finish, at: time)
        usage = usage + finish.usage
        let (from, shown) = (state, certificate)
        end(in: finish.move.to)
        (reason, resume, notBefore) = (finish.move.reason, finish.move.resume, finish.move.notBefore)
        if let head = finish.head, head != self.head {
            self.head = head
            (tested, reviewedHead) = (nil, nil)
            voidLanding()
        }
        if let base = finish.base, !finish.outcome.isGuard { self.base = base }
        if let files = finish.plannedFiles { plannedFiles = files }
        if from == .planReview, finish.outcome == .approved { approvedPlan = finish.approvedPlan }
        if from == .planReview, finish.outcome == .changesRequested { voidPlan() }
        if from == .codeReview, finish.outcome == .approved { reviewedHead = head }
        if let tested = finish.tested { self.tested = tested }
        if from == .merge { warnings = Array(finish.warnings.prefix(Self.warningLimit)) }
        if finish.outcome.isGuard { (withheld, withheldBase) = (finish.rescue, finish.base) }
        if from == .merge { propose(shown, finish.outcome) }
    }

    private mutating func count(_ finish: Finish, at time: Timestamp) {
        switch finish.outcome {
        case .changesRequested, .red, .conflict, .redCandidate, .redHoldouts:
            counts[finish.stage, default: Counts()].returns += 1
        case .failed(let failure, _) where failure.needsPerson: break
        case .failed: counts[finish.stage, default: Counts()].failures += 1
        case .interrupted: counts[finish.stage, default: Counts()].interruptions += 1
        case .deferred, .lostSwap, .delivered, .approved, .green, .alreadyContained, .baseLost, .question, .blocked,
            .guardTripped, .budgetSpent, .approvalNeeded, .wouldLand, .landed:
            break
        }
        wait(finish, at: time)
    }

    /// Two clocks: being put off goes on through lost races, contention does not go on through anything else.
    private mutating func wait(_ finish: Finish, at time: Timestamp) {
        contendedSince = finish.outcome == .lostSwap ? contendedSince ?? time : nil
        if finish.outcome == .lostSwap { return }
        guard case .deferred(let deferral) = finish.outcome else { return waiting = nil }
        if deferral.kind == .stopped { return }
        let before = waiting ?? Waiting(since: time, count: 0, costUSD: 0)
        waiting = Waiting(
            since: before.since, count: before.count + 1, costUSD: before.costUSD + (finish.usage.costUSD ?? 0))
    }

    /// What did not land keeps its certificate only where that is what a person is shown; what was approved before does
    /// not hold for it.
    private mutating func propose(_ certification: Certification?, _ outcome: Outcome) {
        switch outcome {
        case .approvalNeeded, .wouldLand:
            let isShadow = if case .wouldLand = outcome { true } else { false }
            if certification != nil { voidLanding() }
            proposal = certification.map { Proposal($0, isShadow: isShadow) }
        case .delivered, .approved, .green, .changesRequested, .red, .conflict, .redCandidate, .failed, .deferred,
            .interrupted, .lostSwap, .alreadyContained, .baseLost, .question, .blocked, .guardTripped, .budgetSpent,
            .landed, .redHoldouts:
            proposal = nil
        }
    }

    private mutating func approve(
        _ rules: [String], of what: Approvable?, seeing objections: [Override.Objection], head: CommitID,
        by person: String
    ) throws(IllegalMove) {
        guard state == .needsAttention, let reason, head == withheld ?? self.head else {
            throw IllegalMove(state: state, what: "approved")
        }
        switch reason.kind {
        case .approval:
            guard rules.isEmpty else { throw IllegalMove(state: state, what: "approved by overriding a guard") }
            try accept(what, head: head, by: person)
        case .guard:
            let known = Set(reason.evidence.map(\.rule))
            guard !rules.isEmpty, known.isSubset(of: rules) else {
                throw IllegalMove(state: state, what: "approved without overriding \(reason.rule)")
            }
            guard Set(objections).isSubset(of: reason.objections(of: rules)) else {
                throw IllegalMove(state: state, what: "approved for what nobody was shown")
            }
            overrides += rules.filter(known.contains).map { rule in
                var override = Override(rule: rule, by: person)
                override.objections = objections.filter { $0.rule == rule }
                if override.objections.isEmpty { return override }
                override.head = head
                override.isPartial = reason.evidence.count >= Reason.evidenceLimit
                return override
            }
            goOn(after: reason)
        case .returns, .failed, .agent, .deferred, .interrupted, .question, .contained, .baseLost, .contention, .budget,
            .shadow, .person:
            throw IllegalMove(state: state, what: "approved, because no guard and no gate holds it")
        }
    }

    /// After an override: work that was kept from becoming the head becomes it, and goes to the next stage. Otherwise
    /// the stage that was stopped goes on; a head that was pushed since is checked and reviewed before it may land.
    private mutating func goOn(after reason: Reason) {
        guard let withheld else {
            switch reason.stage {
            case .merge: return end(in: tested == nil ? .implementationCI : .merge)
            case .implementationCI: return end(in: tested == nil ? .implementationCI : .codeReview)
            case .plan, .planReview, .implementation, .codeReview, nil: return end(in: resume ?? .queued)
            }
        }
        head = withheld
        if let withheldBase { base = withheldBase }
        (tested, reviewedHead) = (nil, nil)
        voidLanding()
        end(in: reason.stage == .plan ? .planReview : .implementationCI)
    }

    private mutating func park(_ note: String) throws(IllegalMove) {
        guard !state.isFinal, state != .needsAttention else { throw IllegalMove(state: state, what: "parked") }
        let resume = state
        end(in: .needsAttention)
        reason = Reason(kind: .person, rule: "parked by a person", message: note)
        self.resume = resume
    }

    /// `known`: the commit that is on the main branch by now. What was taken back once cannot be taken back again.
    private mutating func revert(by certification: Certification?, known: CommitID?) throws(IllegalMove) {
        guard state == .merged, reverted == nil, known == nil || known == certification?.squash else {
            throw IllegalMove(state: state, what: "reverted")
        }
        (revert, reverted) = (certification, known)
    }

    private mutating func startOver(in state: State) {
        end(in: state)
        counts = counts.mapValues { old in
            var new = Counts()
            new.attempts = old.attempts
            return new
        }
        (waiting, contendedSince, warnings) = (nil, nil, [])
        if state == .queued || state == .plan || state == .planReview {
            voidPlan()
            // Those of older versions stay for the head that they were given for.
            overrides.removeAll { !$0.objections.isEmpty }
        }
        proposal = nil
        voidCertificates()
    }

    /// Ends whatever was going on and stands in `state`.
    mutating func end(in state: State) {
        self.state = state
        (active, reason, resume, notBefore, certificate) = (nil, nil, nil, nil, nil)
        (withheld, withheldBase) = (nil, nil)
    }

    /// The states that an outcome may lead to, whatever the bounds are.
    static func arrows(from stage: Stage, on outcome: Outcome) -> Set<State> {
        switch outcome {
        case .delivered: stage == .plan ? [.planReview] : stage == .implementation ? [.implementationCI] : []
        case .approved:
            stage == .planReview ? [.implementation, .needsAttention] : stage == .codeReview ? [.merge] : []
        case .green: stage == .implementationCI ? [.codeReview] : []
        case .changesRequested:
            stage == .planReview
                ? [.plan, .needsAttention] : stage == .codeReview ? [.implementation, .needsAttention] : []
        case .red: stage == .implementationCI ? [.implementation, .needsAttention] : []
        case .conflict, .redCandidate, .redHoldouts: stage == .merge ? [.implementation, .needsAttention] : []
        case .failed(let failure, _) where failure.needsPerson: [.needsAttention]
        case .failed, .deferred, .interrupted: [stage.state, .needsAttention]
        case .lostSwap: stage == .merge ? [.merge, .needsAttention] : []
        case .alreadyContained, .approvalNeeded, .wouldLand: stage == .merge ? [.needsAttention] : []
        case .guardTripped, .baseLost: [.needsAttention]
        case .question, .budgetSpent: stage.role == nil ? [] : [.needsAttention]
        case .blocked: stage.role == nil && stage != .merge ? [] : [.needsAttention]
        case .landed: []
        }
    }
}

extension Move {
    /// Whether it parks loudly or not at all: a reason with every stop, and a way on that a person can take.
    fileprivate var isSound: Bool {
        guard to == .needsAttention else { return reason == nil && resume == nil }
        return reason != nil && resume.map { !$0.isFinal && $0 != .needsAttention } == true
    }
}

extension Outcome {
    /// Whether a guard stopped it.
    fileprivate var isGuard: Bool {
        if case .guardTripped = self { true } else { false }
    }
}

/// A whole journal, folded.
package enum Fold {
    /// The PR that the entries tell of, oldest first. Throws at the first entry that does not fit.
    package static func pullRequest(
        _ number: PRNumber, from entries: some Sequence<Entry>
    ) throws(IllegalMove) -> PullRequest {
        var result: PullRequest?
        for entry in entries {
            if let before = result {
                result = try before.applying(entry)
            } else if case .opened(let opening) = entry.event {
                result = PullRequest(opening, number: number, at: entry.at)
            } else {
                throw IllegalMove(state: .queued, what: "anything before it is opened")
            }
        }
        guard let result else { throw IllegalMove(state: .queued, what: "folded from no entry") }
        return result
    }
}
