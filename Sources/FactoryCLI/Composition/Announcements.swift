import FactoryCore
import Synchronization

/// Passes on which PRs have something new, from the moment on that somebody wants to know.
final class Announcements: Sendable {
    private let listener = Mutex<(@Sendable (PRNumber) -> Void)?>(nil)

    func listen(_ listener: @escaping @Sendable (PRNumber) -> Void) { self.listener.withLock { $0 = listener } }

    func announce(_ number: PRNumber) { listener.withLock { $0 }?(number) }
}
