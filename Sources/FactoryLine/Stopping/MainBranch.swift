import FactoryCore

/// What the record knows of commits of the main branch.
struct MainBranch {
    let ports: LinePorts

    enum Knowledge {
        /// This tree was green under this floor: it was certified, or the line has probed it.
        case green
        case red(Standing.Probe)
        /// A person goes on from it, whatever it is.
        case accepted
        case unknown
    }

    func knowledge(of commit: CommitID) async throws -> Knowledge {
        let standing = try await ports.standing.standing().standing
        if standing.accepted == commit { return .accepted }
        let tree = try await ports.hub.tree(of: commit)
        let floor = try await ports.floors.floor(at: commit).version
        if let probe = standing.probe, probe.tree == tree, probe.floor == floor {
            return probe.isGreen ? .green : .red(probe)
        }
        return try await isCertified(commit, tree, floor) ? .green : .unknown
    }

    /// Whether a certificate of the PR that the commit names says that this tree was green under this floor.
    private func isCertified(_ commit: CommitID, _ tree: TreeID, _ floor: String) async throws -> Bool {
        let message = try await ports.hub.facts(of: commit).message
        let name = SquashMessage.trailer("Factory-PR", in: message)
        guard let number = (name ?? SquashMessage.trailer("Factory-Reverts", in: message)).flatMap({ Int($0) }) else {
            return false
        }
        for item in try await ports.journal.history(of: PRNumber(number)).reversed() {
            let certificate: JSON
            switch item.entry.event {
            case .certified(_, let certification, let json, _) where certification.squash == commit: certificate = json
            case .reverting(let certification, let json, _) where certification.squash == commit: certificate = json
            case .opened, .amended, .pushed, .started, .finished, .certified, .landed, .reverting, .reverted, .approved,
                .answered, .retried, .resumed, .parked, .closed, .noted, .unknown:
                continue
            }
            return certificate["tree"]?.string == tree.hex && certificate["floor"]?.string == floor
        }
        return false
    }
}
