import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryLine

/// What somebody does in the moment between the certificate and the landing.
private enum Meanwhile: String, CaseIterable, CustomTestStringConvertible {
    case nothing, remark, close, park, retry, amend, takenOver, workedAnew, mainForward, mainBack, mainGone,
        branchPushed
    case branchRewritten, branchDeleted

    var testDescription: String { rawValue }

    /// Whether what was certified may still land.
    var mayLand: Bool { self == .nothing || self == .remark || self == .branchDeleted }
}

/// The same as a sleeping program, at the stores: a second handle acts while the first is about to land.
struct `What comes before a landing` {
    let line: BareLine
    let number = PRNumber(7)

    /// A pull request that is to be merged.
    init() async throws {
        line = try BareLine()
        var source = TaggedFiles.Source()
        var files = TaggedFiles()
        files.add(directory: 0, count: 5, &source)
        let base = try line.commit(files, parents: [], "base")
        try line.push(base)
        files.add(directory: 0, count: 5, &source)
        files.files["specs/0007-login.md"] = .init(lines: ["a spec"])
        files.files["specs/0007-login.plan.md"] = .init(lines: ["a plan"])
        let head = try line.commit(files, parents: [base], "head")
        _ = try await line.store.open(number, .sample(head: head, base: base), at: .noon, by: "ann")
        try await line.approvePlan(number)
        _ = try await line.turn(number)
        try await line.approveCode(number)
        try await line.store.project(line.tip(number).pr)
    }

    @Test(.timeLimit(.minutes(1)), arguments: Meanwhile.allCases)
    fileprivate func `decides whether it may still be one`(meanwhile: Meanwhile) async throws {
        let before = try line.hub.resolve(BareLine.main)
        let rival = try rival(meanwhile, try await line.tip(number).pr)
        line.rivals.act(after: "journal certified", rival)
        let after = try? await line.turn(number)
        let pr = try await line.tip(number).pr
        #expect((pr.state == .merged) == meanwhile.mayLand, "\(pr.state)")
        let main = try line.hub.resolve(BareLine.main)
        if meanwhile.mayLand {
            let landed = try #require(pr.landed)
            #expect(main == landed && after?.state == .merged)
            #expect(try line.hub.info(landed).parents == [try #require(before)])
            #expect(line.yard.tested.contains(try line.hub.tree(of: landed)))
        } else {
            #expect(pr.landed == nil)
            if let main, let squash = try await certified().last {
                #expect(try main != squash && !line.hub.isAncestor(squash, of: main))
            }
        }
        guard main != nil else { return }
        #expect(pr.certificate == nil || meanwhile.mayLand, "a certificate outlived its session")
        #expect(try await line.audit().run().problems == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a head that nobody reviewed does not land, though a person sends it to the merge`() async throws {
        try await line.append(.retried(to: .implementation, note: ""), number)
        try await deliver(["more"])
        try await line.append(.retried(to: .merge, note: ""), number)
        let after = try await line.turn(number)
        #expect(after.state == .needsAttention && after.reason?.rule == "reviewed-head", "\(after.state)")
        #expect(try line.hub.resolve(BareLine.main) == after.base)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an override is for the rule that it names`() async throws {
        try await line.append(.retried(to: .implementation, note: ""), number)
        try await deliver(["<<<<<<< ours", "=======", ">>>>>>> theirs"])
        _ = try await line.turn(number)
        try await line.approveCode(number)
        let parked = try await line.turn(number)
        #expect(parked.reason?.rule == "conflict-marker")
        let shown = try #require(parked.reason).objections(of: ["conflict-marker"])
        try await line.append(
            .approved(overrides: ["conflict-marker"], head: parked.head, seeing: shown), number, by: "ann")
        try await line.append(.retried(to: .implementation, note: ""), number)
        try await deliver(["more"], at: "more.txt")
        try await line.append(.retried(to: .merge, note: ""), number)
        let after = try await line.turn(number)
        #expect(after.state == .needsAttention && after.reason?.rule == "reviewed-head", "\(after.state)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `an override is for what was shown, or for its head where its entry does not say what`(
        isNamed: Bool
    ) async throws {
        try await line.append(.retried(to: .implementation, note: ""), number)
        try await deliver(["<<<<<<< ours", "=======", ">>>>>>> theirs"])
        _ = try await line.turn(number)
        try await line.approveCode(number)
        let parked = try await line.turn(number)
        let shown = isNamed ? try #require(parked.reason).objections(of: ["conflict-marker"]) : []
        try await line.append(
            .approved(overrides: ["conflict-marker"], head: parked.head, seeing: shown), number, by: "ann")
        try await line.append(.retried(to: .implementation, note: ""), number)
        // What was shown stays in the one case, but the head is another.
        try await deliver(
            isNamed ? ["<<<<<<< ours", "=======", ">>>>>>> theirs", "more"] : ["more"],
            at: isNamed ? "delivered.txt" : "more.txt")
        _ = try await line.turn(number)
        try await line.approveCode(number)
        let after = try await line.turn(number)
        #expect(after.state == .needsAttention && after.reason?.rule == "conflict-marker", "\(after.state)")
    }

    /// An implementer's session that adds a file of these lines.
    private func deliver(_ lines: [String], at path: String = "delivered.txt") async throws {
        let pr = try await line.append(.started(.next(.implementation, of: line.tip(number).pr)), number)
        var files = try line.files(line.hub.tree(of: pr.head))
        files.files[path] = .init(lines: lines)
        var finish = try Finish.active(of: pr, .delivered)
        finish.head = try line.commit(files, parents: [pr.head], "delivered")
        try await line.append(.finished(finish), number)
        try await line.store.project(line.tip(number).pr)
    }

    // FI-30
    @Test(.timeLimit(.minutes(1)), arguments: [[], [CheckResult(name: "test", exit: nil, seconds: 1)]])
    func `what the journal calls tested without a green check is tested before it lands`(
        checks: [CheckResult]
    ) async throws {
        try await line.append(.retried(to: .implementationCI, note: ""), number)
        let tip = try await line.tip(number)
        let pr = try await line.append(.started(.next(.implementationCI, of: tip.pr)), number)
        var finish = try Finish.active(of: pr, .green)
        finish.tested = Tested(tree: try line.hub.tree(of: pr.head), floor: pr.base, checks: checks)
        try await line.append(.finished(finish), number)
        try await line.approveCode(number)
        let runs = line.yard.runs
        let after = try await line.turn(number)
        #expect(after.state == .merged && line.yard.runs == runs + 1)
        let certificate = try await line.store.history(of: number).compactMap { item in
            if case .certified(_, _, let certificate, _) = item.entry.event { certificate } else { nil }
        }
        #expect(certificate.last?["checks"]?.array?.map { $0["exit"]?.int } == [0])
    }

    private func certified() async throws -> [CommitID] {
        try await line.store.history(of: number).compactMap { item in
            if case .certified(_, let certification, _, _) = item.entry.event { certification.squash } else { nil }
        }
    }

    private func rival(_ meanwhile: Meanwhile, _ pr: PullRequest) throws -> @Sendable () throws -> Void {
        let paths = [line.directory.path + "/hub.git", line.journalPath]
        let branch = "refs/heads/\(pr.branch)"
        let other = try line.commit(TaggedFiles(files: ["x": .init(lines: ["x"])]), parents: [pr.head], "other")
        let onMain = try line.commit(TaggedFiles(files: ["x": .init(lines: ["x"])]), parents: [pr.base], "on main")
        let unrelated = try line.commit(TaggedFiles(files: ["y": .init(lines: ["y"])]), parents: [], "unrelated")
        let (main, base, head, number) = (BareLine.main, pr.base, pr.head, number)
        let move: @Sendable (String, CommitID, CommitID?) throws -> Void = { ref, from, to in
            try Repository.open(paths[0]).move(ref, from: from, to: to)
        }
        let write: @Sendable ([Event]) throws -> Void = { try Self.write($0, number, hub: paths[0], journal: paths[1]) }
        switch meanwhile {
        case .nothing: return {}
        case .remark: return { try write([.noted("nice")]) }
        case .close: return { try write([.closed(note: "")]) }
        case .park: return { try write([.parked(note: "")]) }
        case .retry: return { try write([.retried(to: .merge, note: "")]) }
        case .amend: return { try write([.amended(.sample(head: head, base: base))]) }
        case .takenOver: return { try write([]) }
        case .workedAnew: return { try write([.retried(to: .merge, note: ""), .noted("next")]) }
        case .mainForward: return { try move(main, base, onMain) }
        case .mainBack: return { try move(main, base, unrelated) }
        case .mainGone: return { try move(main, base, nil) }
        case .branchPushed: return { try move(branch, head, other) }
        case .branchRewritten: return { try move(branch, head, onMain) }
        case .branchDeleted: return { try move(branch, head, nil) }
        }
    }

    /// Appends events as another process does, with its own handles. No event at all: it ends the session, which it
    /// takes for a dead one's, and starts one of its own.
    private static func write(_ events: [Event], _ number: PRNumber, hub: String, journal: String) throws {
        let store = try JournalStore.open(journal)
        for event in events.isEmpty ? [nil, nil] : events.map(Optional.some) {
            guard let tip = try store.tip(number) else { throw Failure("no journal") }
            let pr = try Record(parsing: store.read(tip).body).state
            let event =
                try event
                ?? (pr.active == nil
                    ? .started(.next(.merge, of: pr, token: "another"))
                    : .finished(Finish.active(of: pr, .interrupted)))
            let entry = Entry(event, at: .noon, by: "another")
            let state = try pr.applying(entry)
            _ = try store.append(
                number, expecting: tip,
                JournalDraft(
                    subject: event.sentence, body: Record(entry: entry, state: state).json.bytes(), at: .noon))
        }
    }
}
