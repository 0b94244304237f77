import FactoryCore

/// The moment in which a certified squash reaches the main branch, or does not.
struct LandingAttempt {
    let ports: LinePorts
    /// The tree that the checks found green.
    let tested: TreeID

    /// Lands the PR whose newest entry is its certificate, unless the line was stopped before. Throws `SessionLost` when
    /// an entry came between, and `LineStopped`, with the line stopped for everybody, when what landed is not what was
    /// tested.
    func perform(_ certified: Tip) async throws -> Outcome {
        guard let squash = certified.pr.certificate?.squash else { throw SessionLost(tip: certified) }
        try await ports.catchUp()
        let entry = Entry(.landed(squash), at: ports.clock.now(), by: "factory")
        switch try await ports.hub.land(certified, entry: entry) {
        // Before it is tried again the main branch is merged anew, and a push to the PR's own branch is taken up.
        case .mainMoved, .branchMoved, .holdoutsMoved: return .lostSwap
        case .refused(let reason): return .blocked("the remote does not take the landing: \(reason)")
        case .journalMoved:
            guard let tip = try await ports.journal.tip(of: certified.pr.number), tip.id != certified.id else {
                return .lostSwap
            }
            // A mere remark came between: the certificate still stands.
            guard tip.pr.active == certified.pr.active, tip.pr.certificate == certified.pr.certificate else {
                throw SessionLost(tip: tip)
            }
            return try await perform(tip)
        case .unrecognised(let difference): return try await ports.stopUnrecognised(difference, certified.pr.number)
        case .lineStopped:
            return .stopped(at: ports.clock.now(), because: "the line was stopped before it landed")
        case .landed(let tip):
            let commit = tip.pr.landed ?? squash
            try await confirm(commit, of: tip.pr.number)
            return .landed(commit)
        }
    }

    /// Compares what landed with what was tested, whatever says that the two are the same.
    func confirm(_ squash: CommitID, of number: PRNumber) async throws {
        let landed = try await ports.hub.tree(of: squash)
        guard landed != tested else { return }
        let difference = LineStopped.landedTreeDiffers(number, landed: landed, tested: tested)
        try await ports.stop(Standing.Stop(.landedTree, difference.description, at: ports.clock.now()))
        throw difference
    }
}

extension LinePorts {
    /// Brings the main branch to its upstream right before something lands: what people have pushed there while it was
    /// tested comes first, or the two would diverge.
    func catchUp() async throws {
        guard let upstream, !upstream.landsAtOnce else { return }
        try await upstream.fetch()
    }

    /// Stops the line for everybody: what stands on the main branch is not what was certified, and is not recorded as
    /// landed. The PR waits for a person as well.
    func stopUnrecognised(_ difference: String, _ number: PRNumber) async throws -> Outcome {
        let what =
            "\(number) did not land as it was certified: \(difference); look at the main branch before anything else lands"
        try await stop(Standing.Stop(.landedTree, what, at: clock.now()))
        return .blocked(what)
    }
}
