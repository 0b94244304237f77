import FactoryCore
import FactoryGit
import Synchronization

/// What other machines work on, as the remote's leases said at the last look. Two machines that show one pull request at
/// once would say everything twice.
final class Elsewhere: Sendable {
    private struct Inner {
        var numbers: Set<PRNumber> = []
        var hasOthers = false
    }
    private let inner = Mutex(Inner())

    /// Looks again; `host` is this machine.
    func look(in store: GitStore, host: String) async throws {
        let leases = try await store.mirroredLeases().filter { $0.value != host }
        inner.withLock { inner in
            inner.numbers = Set(leases.keys)
            inner.hasOthers = inner.hasOthers || !leases.isEmpty
        }
    }

    /// Whether another machine works on it.
    func works(on number: PRNumber) -> Bool { inner.withLock { $0.numbers.contains(number) } }

    /// Whether another machine has been seen at all.
    var hasOthers: Bool { inner.withLock { $0.hasOthers } }
}
