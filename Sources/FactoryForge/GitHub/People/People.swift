package import FactoryCore
import FactoryGit

/// Lets people steer the line from GitHub: looks what they did, judges whether they may, and records it as the command
/// line would.
///
/// What a person without the right to write says is nobody's command, and reaches no agent.
package actor People {
    /// Entries that may come in between before it is tried with the next look.
    private static let tries = 5

    private let desk: Desk
    private let poller: Poller
    private let projector: Projector
    private let rights: Rights
    private let refusal: Refusal
    private let intake: Intake
    private let fetch: @Sendable () async throws -> Void
    private let didRecord: @Sendable (PullRequest) async -> Void
    private var isTold = false
    /// Pull requests that were told of as not to be heard.
    private var troubled: Set<Int> = []

    /// `fetch` brings the remote's branches here. `didRecord` is told of every PR that a person has moved, such as to wake
    /// the line.
    package init(
        _ desk: Desk, projector: Projector, intake: Intake, fetch: @escaping @Sendable () async throws -> Void,
        didRecord: @escaping @Sendable (PullRequest) async -> Void
    ) {
        self.desk = desk
        self.projector = projector
        self.intake = intake
        self.fetch = fetch
        self.didRecord = didRecord
        poller = Poller(desk)
        rights = Rights(desk.client, desk.clock)
        refusal = Refusal(desk: desk)
    }

    /// Looks once, does what was found, and lets the projector try again what it could not show. A failure is told once;
    /// the next look comes anyway.
    package func look() async {
        projector.retry()
        do {
            let seen = try await poller.look()
            for trouble in seen.troubles.sorted(by: { $0.key < $1.key }) { tell(trouble.key, trouble.value) }
            for found in seen.found { try await actAlone(on: found) }
            if let newest = seen.newest { await desk.memory.saw(upTo: newest) }
            isTold = false
        } catch {
            if !isTold { desk.warn("people's words on GitHub are not heard at the moment: \(error)") }
            isTold = true
        }
        await desk.memory.save()
    }

    private func tell(_ pull: Int, _ trouble: String) {
        guard troubled.insert(pull).inserted else { return }
        desk.warn("pull request \(pull) on GitHub is not heard: \(trouble)")
    }

    /// As the poller does: only what troubles all of them ends the look.
    private func actAlone(on found: Poller.Found) async throws {
        do { try await act(on: found) } catch let error as GitHubError where error.passes { throw error } catch {
            tell(found.pull, "\(error)")
        }
    }

    private func act(on found: Poller.Found) async throws {
        var reopens = false
        for handle in found.handles where try await !act(on: handle, found) {
            if handle.wish.isEnd { reopens = true }
        }
        troubled.remove(found.pull)
        guard let number = found.number else { return await desk.memory.note(other: found.pull, found.said) }
        await desk.memory.settled(found.pull)
        let mustShow = reopens || found.isDrifted || !found.handles.isEmpty
        await desk.memory.update(number) { pull in
            (pull.isSure, pull.seen) = (pull.seen == found.said, found.said)
            (pull.comments, pull.reviews) = (found.comments, found.reviews)
            pull.judged = max(pull.judged ?? 0, found.judged ?? 0)
            pull.reopens = pull.reopens || reopens
            if mustShow { (pull.shown, pull.demands) = (nil, pull.demands + 1) }
        }
        if mustShow { projector.show(number) }
    }

    /// False: it was refused.
    private func act(on handle: Handle, _ found: Poller.Found) async throws -> Bool {
        // Robots are not answered: two of them would never stop.
        guard !handle.by.isBot else { return false }
        guard try await rights.mayCommand(handle.by) else {
            if handle.wish.isAsked {
                try await refusal.say(
                    handle, "only people who may write to this repository steer the line", handle.rightsSource)
            }
            return false
        }
        if handle.isEdited {
            try await refusal.say(handle, "it was edited, perhaps by somebody else: write a new comment")
            return false
        }
        if case .pickUp(let branch, let head) = handle.wish {
            return try await pickUp(handle, branch, head, judged: found.judged)
        }
        return try await record(handle)
    }

    private func record(_ handle: Handle) async throws -> Bool {
        guard let number = handle.number else { return false }
        for _ in 0..<Self.tries {
            guard let tip = try await desk.store.tip(of: number) else { return false }
            let history = try await desk.store.history(of: number)
            guard !history.contains(where: { $0.entry.gitHubSource == handle.source }) else { return true }
            switch handle.answer(on: tip.pr, parking: Projection.parking(in: history)) {
            case .nothing: return true
            case .refused(let why):
                try await refusal.say(handle, why)
                return false
            case .event(let event):
                do {
                    let entry = Entry(event, of: handle, at: desk.clock.now())
                    await recorded(try await desk.store.append(entry, to: tip, artifacts: []).pr)
                    return true
                } catch is JournalConflict {
                    continue
                } catch let refused as RecordRefused {
                    try await refusal.say(handle, SafeText.line("\(refused)", limit: 600))
                    return false
                }
            }
        }
        throw JournalConflict(number: number)
    }

    private func recorded(_ pr: PullRequest) async {
        do { try await desk.store.project(pr) } catch {
            desk.warn("the branch \(pr.branch) does not show what was decided yet, and will: \(error)")
        }
        await didRecord(pr)
    }

    /// Takes a pull request that a person has opened, if its branch adds one spec and nothing else is in its way.
    private func pickUp(
        _ handle: Handle, _ branch: String, _ head: CommitID, judged: Int?
    ) async throws -> Bool {
        try await fetch()
        guard try await desk.store.branch(branch) == head else { throw GitHubError.conflict(branch) }
        do {
            let pr = try await intake.take(branch, at: head)
            await desk.memory.know(pr.number, as: handle.pull)
            await desk.memory.update(pr.number) { $0.judged = judged }
            await didRecord(pr)
            projector.show(pr.number)
            return true
        } catch let error where !(error is GitHubError || error is JournalConflict) {
            try await refusal.say(handle, SafeText.line("\(error)", limit: 600))
            return false
        }
    }
}

extension Handle.Wish {
    /// Whether the person expects an answer.
    fileprivate var isAsked: Bool {
        switch self {
        case .label, .command, .pickUp: true
        case .closed, .merged, .note: false
        }
    }

    fileprivate var isEnd: Bool {
        switch self {
        case .closed, .merged: true
        case .label, .command, .note, .pickUp: false
        }
    }
}
