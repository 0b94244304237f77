import FactoryCore
import Synchronization

/// What one session may spend, and what it has: filled by the session, read when the stage ends.
final class Purse: Sendable {
    let grant: Grant
    /// The price of the session's model; nil: unknown.
    let price: Price?
    private let state = Mutex(State())

    private struct State {
        var charge: Charge?
        var used = Usage.unknown
        var passed: Shortage?
        var stopped: Shortage?
    }

    init(_ grant: Grant, price: Price?) {
        self.grant = grant
        self.price = price
    }

    /// What the session is charged; nothing when no agent ran.
    var charge: Charge { state.withLock { $0.charge } ?? .nothing }

    /// The cap of spec or night that ended the session; nil when none did.
    var stopped: Shortage? { state.withLock(\.stopped) }

    /// Takes what a running session has told of its usage. True at the first reading that is beyond a cap.
    func note(_ usage: Usage) -> Bool {
        guard let used = grant.metered(usage, price: price) else { return false }
        return state.withLock { state in
            if used != .zero { state.used = usage }
            guard state.passed == nil, let passed = grant.passed(used) else { return false }
            state.passed = passed
            return true
        }
    }

    /// Charges the session for what it used, and says what its end means under the caps: a session that went beyond its
    /// own has failed, however well it ended; one that was stopped for spec or night has not.
    func judge(_ report: AgentReport) -> AgentReport {
        var report = report
        let (believed, doubt) = report.usage.believed
        report.doubt = report.doubt ?? doubt
        report.usage = believed
        let (used, passed) = state.withLock { ($0.used, $0.passed) }
        // A session that was ended may not have told at its end what it told before.
        let atEnd = grant.metered(believed, price: price) ?? .zero
        let before = grant.metered(used, price: price) ?? .zero
        if before.micros > atEnd.micros || before.tokens > atEnd.tokens { report.usage = used }
        let charge = grant.charge(report.usage, seconds: report.seconds, price: price, doubt: report.doubt)
        state.withLock { $0.charge = charge }
        if case .cancelled = report.result, let passed {
            report.result = end(passed)
        } else if case .failed(.timeout, _) = report.result, let level = grant.bound[.minutes], level != .stage {
            let cap = grant.allowed[.minutes] ?? 0
            report.result = end(
                Shortage(level: level, unit: .minutes, cap: cap, used: max(cap, charge.amount[.minutes])))
        } else if let beyond = grant.overdrawn(by: charge), report.result.isWork {
            report.result = end(beyond)
        }
        return report
    }

    private func stop(for shortage: Shortage) -> AgentReport.Result {
        state.withLock { $0.stopped = shortage }
        return .outOfBudget(shortage)
    }

    private func end(_ shortage: Shortage) -> AgentReport.Result {
        let figures = "\(shortage.unit.text(shortage.used)) of \(shortage.unit.text(shortage.cap))"
        return switch shortage.level {
        case .stage: .failed(.overBudget, "the session used \(figures) that one may use")
        case .spec, .night: stop(for: shortage)
        }
    }
}

extension AgentReport.Result {
    /// Whether the agent gave something that would move the PR on; a question asks a person all the same.
    fileprivate var isWork: Bool {
        switch self {
        case .writer(let words): words.map { $0.status == .done } ?? true
        case .reviewer(let verdict): verdict.decision != .question
        case .failed, .deferred, .cancelled, .outOfBudget: false
        }
    }
}
