import FactoryCore

/// The session's place in the journal was taken: a person moved or ended the PR while it ran.
struct SessionLost: Error {
    let tip: Tip
}

/// Writes a session's entries. A remark that came between is stepped over; anything that ended the session is not.
struct Recorder {
    let journal: any Journal
    let clock: any WallClock

    /// Appends behind the tip. `token` is the session's; nil before it has one.
    func append(_ event: Event, to tip: Tip, token: String?, artifacts: [Artifact] = []) async throws -> Tip {
        var tip = tip
        while true {
            do {
                let entry = Entry(event, at: clock.now(), by: "factory")
                return try await journal.append(entry, to: tip, artifacts: artifacts)
            } catch is JournalConflict {
                guard let newer = try await journal.tip(of: tip.pr.number), newer.id != tip.id else { continue }
                guard newer.pr.active?.token == token, newer.pr.state == tip.pr.state else {
                    throw SessionLost(tip: newer)
                }
                tip = newer
            }
        }
    }
}
