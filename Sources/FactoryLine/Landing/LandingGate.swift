import FactoryCore

/// Says whether a person has to agree to a landing that passed everything else, and whether one has.
struct LandingGate {
    let pr: PullRequest
    let configuration: Configuration
    let history: [RecordedEntry]

    /// What keeps it from landing; nil: nothing. `paths` are those that the landing would change.
    func hold(_ certificate: Certificate, paths: [RepoPath]) -> Outcome? {
        let reasons = reasons(certificate, paths: paths)
        if configuration.autonomy == .shadow {
            let after = reasons.isEmpty ? "" : ", after a person's approval (\(reasons.joined(separator: "; ")))"
            return .wouldLand(message("`autonomy: shadow` lands nothing; this would have landed\(after)", certificate))
        }
        guard let first = reasons.first else { return nil }
        guard let void = voidness(of: certificate) else { return nil }
        return .approvalNeeded(message(void.isEmpty ? first : "\(void); \(first)", certificate))
    }

    /// Why a person is asked; empty: nobody is.
    private func reasons(_ certificate: Certificate, paths: [RepoPath]) -> [String] {
        var reasons: [String] = []
        if pr.isFloor { reasons.append("a change of the floor lands only after a person's approval") }
        switch configuration.autonomy {
        case .full, .shadow: break
        case .gate, .lowRisk:
            reasons.append("`autonomy: \(configuration.autonomy.rawValue)` asks for a person's approval before landing")
        }
        if let gate = configuration.asksBeforeMerge(pr.kind, paths) { reasons.append(gate) }
        return reasons
    }

    /// Nil: a person's approval covers this certificate. Empty: there is no approval. Else why the one there was does not
    /// hold any more.
    private func voidness(of certificate: Certificate) -> String? {
        guard let (id, person) = pr.certificateApproval, let shown = history.certificate(id) else { return "" }
        let moved = Certificate.moved(from: shown, to: certificate.json, under: configuration.approval)
        if moved.isEmpty { return nil }
        return "\(person)'s approval of certificate \(id.short) is void: \(moved.joined(separator: "; "))"
    }

    /// What only a person can judge stands below.
    private func message(_ sentence: String, _ certificate: Certificate) -> String {
        guard !certificate.human.isEmpty else { return sentence }
        return sentence + "\nFor a person to judge:\n" + certificate.human.map { "- \($0)" }.joined(separator: "\n")
    }
}

extension [RecordedEntry] {
    /// The certificate of that id, as its entry holds it; nil when the journal has none.
    func certificate(_ id: BlobID) -> JSON? {
        for item in reversed() {
            if case .certified(_, let certification, let certificate, _) = item.entry.event, certification.id == id {
                return certificate
            }
        }
        return nil
    }
}
