/// Who works a PR. A lease ends with its process, whatever happens to it.
package protocol Leases: Sendable {
    /// Takes the lease on a PR; nil when somebody else works it.
    func take(_ number: PRNumber) async throws -> (any Lease)?
    /// Returns when everything that was released is free for others as well.
    func settle() async
    /// Ends every process that carries the marker, and says how many there were.
    func endProcesses(marked marker: String) -> Int
}

extension Leases {
    package func settle() async {}
}

/// Held until it is released, or while it lives.
package protocol Lease: AnyObject, Sendable {
    /// Gives it back now, whoever still holds the object: from here on another can take it.
    func release()
}
