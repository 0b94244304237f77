import FactoryCore
import FactoryFiles
import Glibc

/// Lets the kernel keep account of what is touched in a lane, so that a look at it costs what was touched and not what
/// there is. Where the kernel cannot (no inotify, no watches left), nothing is known and every file is looked at.
///
/// Only names are learnt from it, never content: whatever was touched is judged by its stamp and bytes.
final class LaneWatch {
    private var queue: Int32 = -1
    private var directories: [Int32: RepoPath] = [:]
    /// Tells the directories that this queue watches from those that an earlier one did.
    private var epoch = 0
    private var isArmed = false
    /// The generation of the tracked files whose directories are all watched.
    private var covered: Int?

    /// Everything that can change a file, its permissions or its name. A mapped file that is written through memory
    /// shows when it is closed.
    private static let events =
        IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
        | IN_DELETE_SELF | IN_MOVE_SELF
    private static let mask = UInt32(events) | UInt32(IN_ONLYDIR)

    deinit { if queue >= 0 { close(queue) } }

    /// Begins a new account. The files must be just what is tracked: of anything else in the lane it will not tell.
    func arm(_ tracked: TrackedDirectory, generation: Int, in root: OpenDirectory) {
        isArmed = false
        guard open() else { return }
        if covered != generation {
            guard cover(tracked, in: root) else { return forget() }
            covered = generation
        }
        // What was touched so far were our own hands.
        guard read(retire) else { return forget() }
        isArmed = true
    }

    /// No account is kept any more.
    func disarm() { isArmed = false }

    /// What was touched since the account began; nil when that is not known. It ends with this.
    func take() -> LaneTouches? {
        guard isArmed else { return nil }
        isArmed = false
        var touches = LaneTouches()
        let isRead = read { touches.note($0.event) }
        touches.finish()
        guard isRead, touches.isComplete else {
            forget()
            return nil
        }
        return touches
    }

    /// Gives up all watches: after a loss nothing of the queue is of use.
    func forget() {
        if queue >= 0 { close(queue) }
        queue = -1
        directories = [:]
        covered = nil
        isArmed = false
    }

    private func open() -> Bool {
        guard queue < 0 else { return true }
        queue = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        epoch += 1
        return queue >= 0
    }

    /// Watches a directory and those below it that are not watched yet.
    private func cover(_ tracked: TrackedDirectory, in directory: OpenDirectory) -> Bool {
        if tracked.watched != epoch {
            let watch = inotify_add_watch(queue, "/proc/self/fd/\(directory.descriptor)", Self.mask)
            guard watch >= 0 else { return false }
            directories[watch] = directory.path
            tracked.watched = epoch
        }
        for entry in tracked.entries {
            switch entry.content {
            case .file: continue
            // Its directory is not ours to watch.
            case .submodule: return false
            case .directory(let child):
                guard let inside = try? directory.child(entry.name), cover(child, in: inside) else { return false }
            }
        }
        return true
    }

    // MARK: Events

    private struct Received {
        let watch: Int32
        let event: LaneTouches.Event
    }

    private func retire(_ received: Received) {
        if received.event.mask & UInt32(IN_IGNORED) != 0 { directories[received.watch] = nil }
    }

    /// Reads all that is there. False: the kernel has lost events, or the queue is broken.
    private func read(_ body: (Received) -> Void) -> Bool {
        let room = 64 << 10
        return withUnsafeTemporaryAllocation(byteCount: room, alignment: 8) { buffer in
            while true {
                let count = Glibc.read(queue, buffer.baseAddress, room)
                if count < 0 { return errno == EAGAIN }
                guard count > 0, parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), body) else { return false }
            }
        }
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, _ body: (Received) -> Void) -> Bool {
        let head = MemoryLayout<inotify_event>.size
        var at = 0
        while at + head <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: at, as: Int32.self)
            let mask = bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
            let cookie = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self))
            guard mask & UInt32(IN_Q_OVERFLOW) == 0, let directory = directories[watch] else { return false }
            let name = bytes[(at + head)..<(at + head + length)].prefix { $0 != 0 }
            let event = LaneTouches.Event(
                directory: directory, name: name.isEmpty ? nil : EntryName(name), mask: mask, cookie: cookie)
            body(Received(watch: watch, event: event))
            at += head + length
        }
        return true
    }
}
