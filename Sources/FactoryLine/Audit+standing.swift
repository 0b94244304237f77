import FactoryCore

extension Audit {
    /// Each stored standing must be what its events give.
    func auditStanding(_ finding: inout Finding) async throws {
        let history: [RecordedStandingEvent]
        do { history = try await standing.standingHistory() } catch {
            finding.problems.append("the line's own record cannot be read: \(error)")
            return
        }
        finding.lineEntries = history.count
        var state = Standing()
        for item in history {
            do throws(StandingFault) {
                state = try state.applying(item.event)
                if state != item.state {
                    finding.problems.append(
                        "the line's entry \(item.id.short) stores another standing than its events give")
                }
            } catch {
                finding.problems.append("the line's entry \(item.id.short) does not belong there: \(error)")
            }
            state = item.state
        }
    }

    /// Checks the certificate of a revert, and makes its tree anew from what it takes back; gives its commit.
    func revert(_ number: PRNumber, _ history: [RecordedEntry], _ finding: inout Finding) async throws -> CommitID? {
        guard let pr = history.last?.state, let commit = pr.reverted, let landed = pr.landed else { return nil }
        finding.reverts += 1
        let certified = history.compactMap { item -> (Certification, JSON)? in
            guard case .reverting(let certification, let certificate, _) = item.entry.event else { return nil }
            return certification.squash == commit ? (certification, certificate) : nil
        }
        guard let (certification, certificate) = certified.last else {
            finding.problems.append("\(number): reverted without a certificate")
            return commit
        }
        var wrong: [String] = []
        func expect(_ holds: Bool, _ problem: String) { if !holds { wrong.append("\(number): \(problem)") } }
        let isThere = try await hub.isAncestor(commit, of: hub.mainTip())
        expect(isThere, "reverted as \(commit.short), which is not on the main branch")
        let facts = try await hub.facts(of: commit)
        let id = try await hub.fingerprint(of: certificate.bytes())
        expect(id == certification.id, "the certificate of its revert is not the one that was issued")
        expect(facts.tree.hex == certificate["tree"]?.string, "the reverted tree is not the certified one")
        expect(facts.parents == [certification.base], "it was reverted on another base than was certified")
        expect(certificate["reverts"]?.string == landed.hex, "its revert takes back another commit than landed")
        expect(
            SquashMessage.trailer("Factory-Certificate", in: facts.message) == certification.id.hex,
            "the commit of its revert names another certificate")
        expect(
            SquashMessage.trailer("Factory-Reverts", in: facts.message) == String(number.value),
            "the commit of its revert names another pull request")
        let checks = certificate["checks"]?.array ?? []
        expect(
            !checks.isEmpty && checks.allSatisfy { $0["exit"]?.int == 0 },
            "no green check stands in the certificate of its revert")
        let again = try await RevertCandidate.merge(landed, onto: hub.tree(of: certification.base), hub)
        expect(again == .clean(facts.tree), "its revert is not the inverse of what landed")
        finding.problems += wrong
        return commit
    }
}
