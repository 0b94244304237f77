/// A remote that is the source of the main branch.
package protocol UpstreamLink: Sendable {
    /// Brings the hub's main branch to the remote's. Throws when the two have diverged or the remote cannot be read.
    func fetch() async throws
    /// Pushes what has landed, when it is so configured.
    func push() async throws
}
