import FactoryCore

/// How long a PR waits for a provider.
enum BackOff {
    /// What a limit or an outage means for the PR: not now.
    static func deferral(_ fault: AgentFault, kind: Deferral.Kind, before: Int, now: Timestamp) -> Deferral {
        Deferral(kind: kind, until: until(fault, kind, before, now), message: fault.message)
    }

    /// The time the provider names, with a little more; else twice as long each time it has put the PR off in a row.
    private static func until(_ fault: AgentFault, _ kind: Deferral.Kind, _ before: Int, _ now: Timestamp) -> Timestamp
    {
        if let resetsAt = fault.resetsAt, resetsAt.isFinite {
            let named = Timestamp(milliseconds: 0) + (resetsAt + 5)
            // A time in the past is over, one in the far future a mistake.
            return min(max(named, now + shortest), now + longest)
        }
        if let seconds = ResetTime.seconds(in: fault.message) {
            return now + min(max(seconds + 5, shortest), longest)
        }
        let (first, most) = kind == .quota ? (quotaFirst, quotaMost) : (first, most)
        var wait = first
        for _ in 0..<min(before, 16) where wait < most { wait = min(2 * wait, most) }
        return now + wait
    }

    // Seconds. Twenty-four waits fit into the day after which a PR parks.
    private static let (first, most) = (60.0, 1800.0)
    private static let (quotaFirst, quotaMost) = (900.0, 3600.0)
    private static let shortest = 10.0
    private static let longest = 8 * 86_400.0
}
