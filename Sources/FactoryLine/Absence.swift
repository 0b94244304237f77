import FactoryCore

/// A remote that is away: nothing that needs it begins before it is asked again, and what runs goes on.
struct Absence {
    /// Seconds between two looks whether it is back.
    private static let pause = 30.0
    /// The same bound as for everything else that is put off.
    private static let patience = Policy().deferralSeconds

    private let since: Timestamp
    /// When it is asked again.
    private(set) var until: Timestamp

    init(at now: Timestamp) { (since, until) = (now, now + Self.pause) }

    /// It is away still. False: it has been for too long.
    mutating func goesOn(at now: Timestamp) -> Bool {
        until = now + Self.pause
        return now - since < Self.patience
    }
}

extension LinePorts {
    /// Does what can be done later as well, should a remote be away.
    func heedingAbsence(_ work: () async throws -> Void) async throws {
        do { try await work() } catch let error where error.isPassing { observe(.warning("\(error)")) }
    }
}
