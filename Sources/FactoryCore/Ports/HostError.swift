/// An error that may be the machine's and nobody's fault on the line.
package protocol HostError: Error {
    /// Nothing can be recorded any more, so the line has to stop.
    var isDiskFull: Bool { get }
}

extension Error {
    /// Whether the line has to stop because the disk is full.
    package var isDiskFull: Bool { (self as? any HostError)?.isDiskFull ?? false }
}
