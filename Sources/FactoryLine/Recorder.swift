package import FactoryCore

/// The session's place in the journal was taken: a person moved or ended the PR while it ran.
struct SessionLost: Error {
    let tip: Tip
}

extension PullRequest {
    /// Whether nothing but remarks came between: what was prepared for the earlier state still holds.
    fileprivate func isOnlyRemarked(since earlier: PullRequest) -> Bool {
        var same = self
        same.updatedAt = earlier.updatedAt
        return same == earlier
    }
}

/// Writes a session's entries. A remark that came between is stepped over; anything that ended the session is not.
package struct Recorder {
    let journal: any Journal
    let clock: any WallClock

    package init(journal: any Journal, clock: any WallClock) {
        self.journal = journal
        self.clock = clock
    }

    /// Appends behind the tip. `token` is the session's; nil before it has one.
    func append(_ event: Event, to tip: Tip, token: String?, artifacts: [Artifact] = []) async throws -> Tip {
        var tip = tip
        while true {
            do {
                let entry = Entry(event, at: clock.now(), by: "factory")
                return try await journal.append(entry, to: tip, artifacts: artifacts)
            } catch is JournalConflict {
                guard let newer = try await journal.tip(of: tip.pr.number), newer.id != tip.id else { continue }
                guard token.map({ $0 == newer.pr.active?.token }) ?? newer.pr.isOnlyRemarked(since: tip.pr) else {
                    throw SessionLost(tip: newer)
                }
                tip = newer
            }
        }
    }

    /// Notes behind the newest entry that a session's unfinished work was saved, although the session was not the PR's
    /// any more.
    func remarkSaved(_ start: Start, on tip: Tip) async throws -> Tip {
        try await remark(
            "The unfinished work of \(start.session) is saved; `factory why \(tip.pr.number.value)` says where.",
            on: tip)
    }

    /// Notes what a session has left and no tree holds, where there is any.
    func remarkLeftOut(_ sentences: [String], of start: Start, on tip: Tip) async throws -> Tip {
        guard !sentences.isEmpty else { return tip }
        let more = sentences.count > 5 ? ["and \(sentences.count - 5) more"] : []
        let all = (sentences.prefix(5) + more).joined(separator: "; ")
        return try await remark("\(start.session) left behind what is not part of its work: \(all)", on: tip)
    }

    /// A remark behind the newest entry, whatever that is.
    @discardableResult
    package func remark(_ text: String, on tip: Tip) async throws -> Tip {
        var tip = tip
        while true {
            do {
                let entry = Entry(.noted(text), at: clock.now(), by: "factory")
                return try await journal.append(entry, to: tip, artifacts: [])
            } catch is JournalConflict {
                tip = try await journal.tip(of: tip.pr.number) ?? tip
            }
        }
    }
}
