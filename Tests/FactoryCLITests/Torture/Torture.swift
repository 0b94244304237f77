import Glibc
import Testing

/// The real program, killed, stopped and disturbed in every way that comes to mind: it must go on to the same end.
///
/// Without `FACTORY_TORTURE` in the environment only a sample is run. One test after the other, because they measure
/// time.
@Suite(.serialized) enum Torture {
    /// Whether everything is to be tried.
    static let isFull = getenv("FACTORY_TORTURE") != nil

    /// Is left out of the sample.
    static var onlyInFull: ConditionTrait { .enabled(if: isFull, "runs with FACTORY_TORTURE=1") }
}
