/// The time of day, and waiting for it.
package protocol WallClock: Sendable {
    func now() -> Timestamp
    /// Minutes since local midnight.
    func minuteOfDay() -> Int
    /// Returns after so many seconds, or earlier when the task is cancelled.
    func sleep(seconds: Double) async
}
