import FactoryCore

extension Audit {
    /// Derives each certificate of a PR anew, from the journal before it and the hub, and says where it differs.
    func certificateProblems(_ number: PRNumber, _ history: [RecordedEntry]) async -> [String] {
        var problems: [String] = []
        for (index, item) in history.enumerated() {
            guard case .certified(_, let certification, let certificate, let tested) = item.entry.event else {
                continue
            }
            let issue = Issue(
                entry: item.id, certification: certification, certificate: certificate, tested: tested,
                before: Array(history[..<index]), landed: history.last?.state.landed == certification.squash)
            do {
                problems += try await self.problems(of: issue).map {
                    "\(number): certificate \(certification.id.short): \($0)"
                }
            } catch {
                problems.append("\(number): certificate \(certification.id.short) cannot be derived: \(error)")
            }
        }
        return problems
    }

    /// A certificate in its place in the journal.
    private struct Issue {
        let entry: CommitID
        let certification: Certification
        let certificate: JSON
        /// What its own session has tested.
        let tested: Tested?
        let before: [RecordedEntry]
        let landed: Bool
        var version: Int { certificate["v"]?.int ?? 0 }
    }

    private func problems(of issue: Issue) async throws -> [String] {
        var wrong: [String] = []
        let id = try await hub.fingerprint(of: issue.certificate.bytes())
        if id != issue.certification.id { wrong.append("the certificate is not the one that was issued") }
        if issue.certificate["base"]?.string != issue.certification.base.hex {
            wrong.append("base: its entry names another one")
        }
        // Older ones lack what they were made of.
        guard issue.version >= 2, let pr = issue.before.last?.state else { return wrong }
        let candidate = try await Candidate.build(pr, on: issue.certification.base, hub: hub)
        guard case .clean(let tree) = candidate.merge else {
            return wrong + ["tree: head and base do not merge"]
        }
        let tested = issue.tested ?? pr.tested
        guard let floor = try await hub.floorVersion(in: candidate.mainTree), let tested else {
            return wrong + [tested == nil ? "checks: the journal has none" : "floor: its base has none"]
        }
        wrong += try await objections(tested, tree, floor, on: Day(pr.active?.startedAt ?? pr.updatedAt))
        let writer = CertificateWriter(pr: pr, history: issue.before, hub: hub, library: library)
        let rules = try await floors.floor(at: issue.certification.base)
        let (judgement, policy) = try await LandingJudge(
            pr: pr, floor: rules, hub: hub, library: library, conversation: Conversation(history: issue.before)
        ).judge(candidate, tree: tree, tested: tested)
        let derived = try await writer.certificate(
            candidate, floor: floor, tested: tested, guards: judgement.verdicts(under: policy))
        wrong += try Self.differences(issue.certificate, derived.json, judged: issue.version == Certificate.version)
        wrong += try await squashProblems(issue, writer, derived)
        if issue.version == Certificate.version {
            wrong += judgement.parking.map { "guards: \($0.rule) objects: \($0.message)" }
            wrong += try await gates(pr, rules, candidate, tree, derived, issue)
        }
        return wrong
    }

    /// The commit must be the one that the certificate gives. One that GitHub has made of it has another author and date;
    /// its tree, base and message are compared with the certificate where it landed.
    private func squashProblems(_ issue: Issue, _ writer: CertificateWriter, _ derived: Certificate) async throws
        -> [String]
    {
        if issue.certification.route == .api {
            let isKnown = issue.before.contains {
                guard case .certified(_, let earlier, _, _) = $0.entry.event else { return false }
                return earlier.route != .api && earlier.id == issue.certification.id
            }
            return isKnown ? [] : ["route: the line had certified no commit of its own before"]
        }
        let squash = try await hub.identity(of: writer.squash(of: derived, id: issue.certification.id))
        return squash == issue.certification.squash ? [] : ["squash: it would be another commit, \(squash.short)"]
    }

    /// The checks must have been green, on this tree and under this floor.
    private func objections(_ tested: Tested, _ tree: TreeID, _ floor: String, on day: Day) async throws -> [String] {
        var wrong: [String] = []
        if tested.tree != tree { wrong.append("checks: they ran on another tree, \(tested.tree.short)") }
        if tested.checks.isEmpty || !tested.checks.allSatisfy({ $0.passes(on: day) }) {
            wrong.append("checks: not all were green")
        }
        if try await hub.floorVersion(in: hub.tree(of: tested.floor)) != floor {
            wrong.append("checks: they ran under another floor")
        }
        return wrong
    }

    /// The members that differ. The guards' are compared only where this program's own rules made them.
    private static func differences(_ certificate: JSON, _ derived: JSON, judged: Bool) throws -> [String] {
        // Written and read once more, as the stored one was.
        let derived = try JSON(parsing: derived.bytes())
        let keys = ((derived.object?.members ?? []) + (certificate.object?.members ?? [])).map(\.key)
        var seen: Set<String> = []
        var wrong: [String] = []
        for key in keys where seen.insert(key).inserted {
            if key == "guards" && !judged || key == "v" && !judged { continue }
            guard certificate[key] != derived[key] else { continue }
            let said = certificate[key]?.text() ?? "nothing"
            wrong.append("\(key): it says \(said), hub and journal say \(derived[key]?.text() ?? "nothing")")
        }
        return wrong
    }

    /// Whoever had to be asked before it landed must have approved, under the floor of the base.
    private func gates(
        _ pr: PullRequest, _ floor: Floor, _ candidate: Candidate, _ tree: TreeID, _ derived: Certificate,
        _ issue: Issue
    ) async throws -> [String] {
        guard issue.landed else { return [] }
        let gate = LandingGate(pr: pr, configuration: floor.configuration, history: issue.before)
        let paths = try await hub.outline(from: candidate.mainTree, to: tree).paths
        return gate.hold(derived, paths: paths).map { ["approvals: it \($0.phrase), and landed"] } ?? []
    }
}
