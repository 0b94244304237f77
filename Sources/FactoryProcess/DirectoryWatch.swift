import CSystem
package import FactoryFiles
import Glibc

/// Tells when something in some directories changes.
package final class DirectoryWatch: Sendable {
    /// One tick after one or many changes: a name made, moved, deleted, or a file closed after writing.
    ///
    /// Ticks that nobody has taken yet become one. Ends when the watch goes. For one reader.
    package let changes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Watches the directories themselves, not those below them.
    ///
    /// Throws `ENOENT` for a missing one, and `ENOSPC` when the system's limit of watches
    /// (`fs.inotify.max_user_watches`) is reached.
    package init(_ directories: [String]) throws(SystemError) {
        let reactor = try Reactor.shared.get()
        let events = try Descriptor(factory_inotify(), from: "inotify_init")
        for directory in directories where factory_inotify_add(events.number, directory) < 0 {
            throw SystemError("inotify_add_watch", directory)
        }
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        reactor.perform { [continuation] supervisor in
            let loop = supervisor.loop
            let token = try? loop.add(events) {
                // What changed is not told: whoever watches looks for himself.
                while read(events.number, &loop.scratch, loop.scratch.count) > 0 {}
                continuation.yield()
            }
            continuation.onTermination = { _ in reactor.perform { supervisor in token.map(supervisor.loop.remove) } }
        }
    }

    deinit { continuation.finish() }
}
