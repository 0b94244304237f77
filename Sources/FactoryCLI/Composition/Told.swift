import Synchronization

/// Remembers what was said, so that it is said once.
final class Told: Sendable {
    private let said = Mutex<Set<String>>([])

    func isNew(_ text: String) -> Bool { said.withLock { $0.insert(text).inserted } }
}
