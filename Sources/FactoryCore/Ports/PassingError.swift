/// An error of something that is away, such as a remote, and may be back without anybody doing anything.
package protocol PassingError: Error {
    /// Whether waiting may help.
    var passes: Bool { get }
}

extension Error {
    /// Whether waiting may help: what met it goes on later, and nobody is to blame.
    package var isPassing: Bool { (self as? any PassingError)?.passes ?? false }
}
