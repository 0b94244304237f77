import Dispatch

/// Runs an actor's calls on a queue of its own, so that a blocking call holds no thread that others need.
///
/// Actors that share one call each other without changing threads, which is most of what a short call costs.
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(_ label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
