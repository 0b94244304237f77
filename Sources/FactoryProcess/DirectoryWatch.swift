import CSystem
package import FactoryFiles
import Glibc

/// Tells when something in some directories changes.
package final class DirectoryWatch: Sendable {
    /// One tick after one or many changes: a name made, moved or deleted, a file closed after writing.
    ///
    /// Ticks that nobody has taken yet become one. Ends when the watch goes. For one reader.
    package let changes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let events: Descriptor
    private let reactor: Reactor

    /// Watches the directories themselves, not those below them.
    ///
    /// Throws `ENOENT` for a missing one, and `ENOSPC` when the system's limit of watches
    /// (`fs.inotify.max_user_watches`) is reached.
    package init(_ directories: [String]) throws(SystemError) {
        reactor = try Reactor.shared.get()
        events = try Descriptor(factory_inotify(), from: "inotify_init")
        for directory in directories where factory_inotify_add(events.number, directory) < 0 {
            throw SystemError("inotify_add_watch", directory)
        }
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        reactor.perform { [events, continuation] supervisor in
            let loop = supervisor.loop
            // What changed is not told: whoever watches looks for himself.
            let added: Void? = try? loop.add(events) { [unowned loop] in
                while read(events.number, &loop.scratch, loop.scratch.count) > 0 {}
                continuation.yield()
            }
            if added == nil { continuation.finish() }
        }
    }

    deinit {
        continuation.finish()
        reactor.perform { [events] in $0.loop.remove(events) }
    }
}
