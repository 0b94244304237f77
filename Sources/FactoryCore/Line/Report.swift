/// The morning report: what landed, what needs a person, what is still moving. A projection of the journal; the same
/// entries give the same report.
package struct Report: Hashable, Sendable {
    package var from: Timestamp
    package var to: Timestamp
    package var needsYou: [Item]
    package var landed: [Item]
    package var moving: [Item]
    package var closed: [Item]
    /// The sum over all sessions of the PRs in the report; nil when no agent told.
    package var costUSD: Double?

    /// One PR in the report.
    package struct Item: Hashable, Sendable {
        package var number: Int
        package var title: String
        package var state: State
        package var reason: Reason?
        package var landed: CommitID?
        /// The commit that took it back.
        package var reverted: CommitID?
        package var updated: Timestamp
        /// Sessions per stage.
        package var attempts: [Stage: Int]
        /// How often it was sent back.
        package var returns: Int
        package var costUSD: Double?
        /// What guards objected to without stopping it.
        package var warnings: [Violation]
        /// PRs that wait for this one.
        package var blocks: [Int]
    }

    /// Takes open PRs whatever their age, final ones that were updated since `from`.
    package init(_ pullRequests: [PullRequest], from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
        let items = pullRequests.filter { !$0.state.isFinal || $0.updatedAt >= from }
            .map { Item($0, among: pullRequests) }
        needsYou = items.filter { $0.state == .needsAttention }
            .sorted { ($1.blocks.count, $0.updated, $0.number) < ($0.blocks.count, $1.updated, $1.number) }
        landed = items.filter { $0.state == .merged }.sorted { ($0.updated, $0.number) < ($1.updated, $1.number) }
        closed = items.filter { $0.state == .closed }.sorted { $0.number < $1.number }
        moving = items.filter { !$0.state.isFinal && $0.state != .needsAttention }.sorted { $0.number < $1.number }
        costUSD = items.compactMap(\.costUSD).reduce(nil) { ($0 ?? 0) + $1 }
    }
}

extension Report.Item {
    init(_ pr: PullRequest, among all: [PullRequest]) {
        number = pr.number.value
        title = pr.title
        state = pr.state
        reason = pr.reason
        landed = pr.landed
        reverted = pr.reverted
        updated = pr.updatedAt
        attempts = pr.counts.mapValues(\.attempts).filter { $0.value > 0 }
        returns = pr.counts.values.map(\.returns).reduce(0, +)
        costUSD = pr.usage.costUSD
        warnings = pr.warnings
        let waiting = all.filter { $0.dependsOn.contains(pr.number.value) && !$0.state.isFinal }
        blocks = pr.state == .merged ? [] : waiting.map(\.number.value).sorted()
    }
}
