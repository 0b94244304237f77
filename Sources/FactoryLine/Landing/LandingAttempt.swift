import FactoryCore

/// The moment in which a certified squash reaches the main branch, or does not.
struct LandingAttempt {
    let ports: LinePorts
    /// The tree that the checks found green.
    let tested: TreeID

    /// Lands the PR whose newest entry is its certificate. Throws `SessionLost` when an entry came between, and
    /// `LineStopped` when what landed is not what was tested.
    func perform(_ certified: Tip) async throws -> Outcome {
        guard let squash = certified.pr.certificate?.squash else { throw SessionLost(tip: certified) }
        let entry = Entry(.landed(squash), at: ports.clock.now(), by: "factory")
        switch try await ports.hub.land(certified, entry: entry) {
        case .mainMoved: return .lostSwap
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
        case .landed(let tip):
            let landed = try await ports.hub.tree(of: squash)
            guard landed == tested else {
                throw LineStopped.landedTreeDiffers(tip.pr.number, landed: landed, tested: tested)
            }
            return .landed(squash)
        }
    }
}
