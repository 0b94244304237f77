import FactoryConfig
import FactoryCore

/// The holdouts of one spec, for people: what they run, and how they ended last.
struct HoldoutView: Sendable {
    let number: PRNumber
    let holdouts: [Holdout]
    /// As the newest landing that ran any has told.
    var results: [HoldoutResult] = []

    private func state(_ holdout: Holdout) -> String {
        guard let result = results.last(where: { $0.id == holdout.id }) else { return "not run yet" }
        guard result.hash == holdout.hash else { return "not run since it was changed" }
        return result.passed ? "passed" : "failed"
    }

    var text: String {
        let rows = holdouts.map { holdout in
            [
                "\(number) \(holdout.id)", state(holdout), ConfigDuration.text(holdout.timeout),
                Wording.line(holdout.run, limit: 120)
                    + (holdout.files.isEmpty ? "" : "  (\(Wording.count(holdout.files.count, "file")))"),
            ]
        }
        return Columns.lines(rows, indent: 0).joined(separator: "\n")
    }

    var items: [JSON] {
        holdouts.map { holdout in
            .object([
                "number": .of(number.value), "id": .string(holdout.id), "run": .string(holdout.run),
                "timeout": .double(holdout.timeout), "hash": .string(holdout.hash.hex),
                "files": .of(holdout.files.map(\.description)), "state": .string(state(holdout)),
            ])
        }
    }

    var json: JSONObject { ["holdouts": .array(items)] }
}

extension Story {
    /// What the newest session that ran holdouts has told of them, and which session that was.
    var lastHoldouts: (session: String, results: [HoldoutResult])? {
        for item in history.reversed() {
            switch item.entry.event {
            case .finished(let finish):
                if let results = finish.tested?.holdouts, !results.isEmpty { return (finish.session, results) }
            case .certified(_, _, let certificate, _):
                let results = (certificate["holdouts"]?.array ?? []).compactMap { try? HoldoutResult(json: $0) }
                let session = history.last { $0.state.active?.stage == .merge }?.state.active
                if !results.isEmpty, let session { return ("\(session.stage.rawValue)-\(session.attempt)", results) }
            case .opened, .amended, .pushed, .started, .landed, .reverting, .reverted, .approved, .answered, .retried,
                .resumed, .parked, .closed,
                .noted, .unknown:
                break
            }
        }
        return nil
    }
}
