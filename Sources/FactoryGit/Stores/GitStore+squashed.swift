package import FactoryCore

/// Landings whose commit the remote has made itself: the tree is the certified one, the commit's id is not.
extension GitStore {
    /// What the main branch has of a certificate.
    package enum Squashed: Hashable, Sendable {
        case nothing
        /// The certified tree on the certified base, and the entry that certified it.
        case sound(CommitID, Certified)
        /// It names the certificate, and is something else; in what way.
        case unsound(String)
    }

    /// An entry that certified, as far as a second one repeats it.
    package struct Certified: Hashable, Sendable {
        package let token: String
        package let certification: Certification
        package let certificate: JSON
    }

    /// Looks for a commit that the remote has made of a PR's newest certificate, from the main branch's tip down to the
    /// certified base. Nothing, where the remote makes none.
    func squashed(_ tip: Tip) throws -> Squashed {
        guard publisher?.squashes == true, tip.pr.state == .merge, tip.pr.landed == nil else { return .nothing }
        for item in try history(of: tip.pr.number).reversed() {
            guard case .certified(let token, let certification, let certificate, _) = item.entry.event else { continue }
            // What was found and certified anew is completed like any other landing.
            if certification.route == .api { return .nothing }
            let certified = Certified(token: token, certification: certification, certificate: certificate)
            switch try squashed(certification.id, of: certification.squash, on: certification.base) {
            case .nothing: return .nothing
            case .commit(let commit): return .sound(commit, certified)
            case .other(let difference): return .unsound(difference)
            }
        }
        return .nothing
    }

    /// What the main branch has of a certificate, without regard to who knows.
    package enum Found: Hashable, Sendable {
        case nothing
        case commit(CommitID)
        case other(String)
    }

    /// Looks from the main branch's tip down to `base` for the commit that names the certificate and compares it with
    /// the certified one. The certified one itself is not looked for.
    package func squashed(_ certificate: BlobID, of squash: CommitID, on base: CommitID) throws -> Found {
        var next: CommitID? = try mainTip()
        while let commit = next, commit != base, commit != squash {
            let facts = try facts(of: commit)
            next = facts.parents.first
            guard SquashMessage.trailer("Factory-Certificate", in: facts.message) == certificate.hex else { continue }
            let certified = try self.facts(of: squash)
            if facts.parents != [base] {
                let parents = facts.parents.map(\.short).joined(separator: ", ")
                return .other("\(commit.short) stands on \(parents), but \(base.short) was certified")
            }
            if facts.tree != certified.tree {
                return .other(
                    "\(commit.short) has the tree \(facts.tree.short), but \(certified.tree.short) was tested")
            }
            return .commit(commit)
        }
        return .nothing
    }

    package func landedByForge(_ tip: Tip) async throws -> Landing? {
        switch try squashed(tip) {
        case .nothing: nil
        case .sound(let commit, let certified):
            try await record(commit, certified.certification.id, of: tip, at: tip.pr.updatedAt)
        case .unsound(let difference): .unrecognised(difference)
        }
    }

    /// Records a landing by the remote and publishes that, on top of what came between.
    func record(_ commit: CommitID, _ certificate: BlobID, of tip: Tip, at time: Timestamp) async throws -> Landing {
        for _ in 0..<3 {
            guard let now = try self.tip(of: tip.pr.number) else { break }
            if now.pr.landed == commit { return .landed(now) }
            guard case .sound(commit, let certified) = try squashed(now), certified.certification.id == certificate
            else { break }
            do {
                let landed = try recordHere(commit, certified, of: now, at: max(time, now.pr.updatedAt))
                try await publish(tip.pr.number)
                return .landed(landed)
            } catch is JournalConflict { continue }
        }
        return .unrecognised(
            "\(commit.short) is on the main branch, but the record of \(tip.pr.number) went on elsewhere meanwhile")
    }

    /// The same certificate once more, now for the remote's commit, and that this one has landed.
    func recordHere(_ commit: CommitID, _ certified: Certified, of tip: Tip, at time: Timestamp) throws -> Tip {
        var certification = certified.certification
        certification.squash = commit
        certification.route = .api
        let again = Entry(
            .certified(token: certified.token, certification, certificate: certified.certificate, tested: nil),
            at: time, by: "factory")
        let next = try appendHere(again, state: tip.pr.applying(again), after: tip, artifacts: [])
        let landed = Entry(.landed(commit), at: time, by: "factory")
        return try appendHere(landed, state: next.pr.applying(landed), after: next, artifacts: [])
    }
}

extension Event {
    /// Whether it certifies this very commit, so that it is itself what is to be completed.
    func tells(of commit: CommitID) -> Bool {
        if case .certified(_, let certification, _, _) = self { certification.squash == commit } else { false }
    }
}
