import FactoryCore

/// What the line would have done on its own, and what people did with it: the ground on which more is left to it.
struct ShadowTally: Sendable {
    /// What became of a PR that would have landed.
    enum Fate: String, Sendable {
        /// The main branch has had exactly the tree that would have landed.
        case sameTree = "same-tree"
        /// It has had the same content in every path of the change, beside other changes.
        case sameChange = "same-change"
        /// Neither: nobody has landed it, or not like this.
        case open

        var phrase: String {
            switch self {
            case .sameTree: "landed by hand, the same tree"
            case .sameChange: "landed by hand, the same change"
            case .open: "not landed by hand"
            }
        }
    }

    /// Those that would have landed, by number.
    var wouldLand: [(pr: PullRequest, fate: Fate)]
    /// Those that were parked by something else.
    var parked: Int

    /// Commits of the main branch that are looked through.
    private static let depth = 1000

    /// Looks at every PR that the line kept from landing only because it may not. Nil when there is none.
    static func read(_ pullRequests: [PullRequest], in hub: some Hub) async throws -> ShadowTally? {
        let kept = pullRequests.filter { $0.proposal?.isShadow == true }
        guard !kept.isEmpty else { return nil }
        let line = try await newest(of: hub)
        var tally = ShadowTally(wouldLand: [], parked: 0)
        for pr in kept {
            guard let proposal = pr.proposal?.certification else { continue }
            tally.wouldLand.append((pr, try await fate(proposal, line, hub)))
        }
        tally.parked = pullRequests.filter { $0.state == .needsAttention && $0.reason?.kind != .shadow }.count
        return tally
    }

    /// The newest commits of the main branch by first parent, newest first.
    private static func newest(of hub: some Hub) async throws -> [CommitID] {
        var line = [try await hub.mainTip()]
        while line.count < depth, let parent = try await hub.facts(of: line[line.count - 1]).parents.first {
            line.append(parent)
        }
        return line
    }

    private static func fate(_ proposal: Certification, _ line: [CommitID], _ hub: some Hub) async throws -> Fate {
        let wanted = try await hub.tree(of: proposal.squash)
        let change = try await hub.outline(from: hub.tree(of: proposal.base), to: wanted)
        var fate = Fate.open
        for commit in line.prefix(while: { $0 != proposal.base }) {
            let tree = try await hub.tree(of: commit)
            if tree == wanted { return .sameTree }
            if fate == .open, try await holds(change, tree, hub) { fate = .sameChange }
        }
        return fate
    }

    private static func holds(_ change: Change, _ tree: TreeID, _ hub: some Hub) async throws -> Bool {
        for file in change.files where try await hub.fingerprint(of: file.path, in: tree) != file.after?.blob.hex {
            return false
        }
        return true
    }

    private func count(_ fate: Fate) -> Int { wouldLand.filter { $0.fate == fate }.count }

    var sentence: String {
        "\(wouldLand.count) would have landed, \(parked) parked for another reason; by hand: "
            + "\(count(.sameTree)) as the same tree, \(count(.sameChange)) as the same change, \(count(.open)) not"
    }

    var json: JSON {
        .object([
            "wouldHaveLanded": .array(
                wouldLand.map { pr, fate in
                    .object([
                        "number": .of(pr.number.value), "byHand": .string(fate.rawValue),
                        "certificate": .orNull(pr.proposal?.certification.id.hex),
                    ])
                }),
            "parked": .of(parked),
        ])
    }
}
