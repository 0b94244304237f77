import FactoryCore
import Synchronization

/// Agents whose login or model was refused in this run. Each session of theirs would end in the same way, so they get
/// no more work while the PR that met it stays parked for it.
final class RefusedAgents: Sendable {
    private let met = Mutex<[AgentSetting: PRNumber]>([:])

    /// Notes how a session ended. True when that is the first refusal of its agent.
    func note(_ outcome: Outcome, of setting: AgentSetting?, for number: PRNumber) -> Bool {
        guard case .failed(let failure, _) = outcome, failure.needsPerson, let setting else { return false }
        return met.withLock { met in
            defer { met[setting] = number }
            return met[setting] == nil
        }
    }

    /// Whether what comes next would be given to a refused agent.
    func hold(_ state: State, _ configuration: Configuration) -> Bool {
        guard let role = (state == .queued ? .plan : state.stage)?.role else { return false }
        guard let setting = configuration.agent(for: role) else { return false }
        return met.withLock { $0[setting] != nil }
    }

    /// Forgets what a person has put right: their PRs have gone on.
    func forget(unless isParked: (PRNumber) -> Bool) {
        met.withLock { met in met = met.filter { isParked($0.value) } }
    }
}
