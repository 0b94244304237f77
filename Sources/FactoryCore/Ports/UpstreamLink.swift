/// A remote that is the source of the main branch.
package protocol UpstreamLink: Sendable {
    /// Whether a landing is pushed as it happens, so that what came there meanwhile keeps it from landing.
    var landsAtOnce: Bool { get }
    /// Brings the hub's main branch to the remote's. Throws when the two have diverged or the remote cannot be read;
    /// what waiting may help against is a `PassingError`.
    func fetch() async throws
    /// Pushes what has landed, when it is so configured.
    func push() async throws
}
