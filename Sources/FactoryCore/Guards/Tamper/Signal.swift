/// A way in which a change may weaken what keeps the product right.
package enum Signal: String, CaseIterable, Sendable {
    case deleted = "T1"
    case lastDeleted = "T2"
    case skipped = "T3"
    case disguisedSkip = "T4"
    case allSkipped = "T5"
    case fewerAssertions = "T6"
    case weakerAssertion = "T7"
    case looserTolerance = "T8"
    case vacuousAssertion = "T9"
    case recordedSnapshots = "T10"
    case testDetection = "T11"
    case coverage = "T12"
    case suppression = "T13"
    case typeEscape = "T14"
    case defused = "T15"
    case deselected = "T15b"
    case retry = "T15c"

    /// The signal's number; what stops failing, runs less or runs again is one signal.
    package var id: String { rawValue.hasPrefix("T15") ? "T15" : rawValue }

    /// The rule that tells of it.
    package var rule: String {
        switch self {
        case .deleted, .lastDeleted: "deleted-test"
        case .skipped, .disguisedSkip, .allSkipped: "skipped-test"
        case .fewerAssertions, .weakerAssertion, .looserTolerance, .vacuousAssertion: "weakened-test"
        case .recordedSnapshots: "rewritten-snapshot"
        case .testDetection: "test-detection"
        case .coverage: "lowered-coverage"
        case .suppression, .typeEscape: "silenced-lint"
        case .defused, .deselected, .retry: "defused-check"
        }
    }
}
