import FactoryCore
import Glibc

/// The names in a lane that somebody has touched, gathered from the kernel's events, or the finding that the events do
/// not tell enough.
///
/// An event names the directory and name that a file was reached by. A file that has several names can be written by
/// one and be another's content, so whatever may have gone on behind a second name makes the account incomplete: it
/// may cost a look at every file, but never misses one.
struct LaneTouches {
    /// One event of a watched directory.
    struct Event {
        var directory: RepoPath
        /// Nil when the event is the directory's own.
        var name: EntryName?
        /// The kernel's bits, `IN_…`.
        var mask: UInt32
        /// The same for both halves of a move.
        var cookie: UInt32 = 0
    }

    /// By directory.
    private(set) var names: [RepoPath: Set<EntryName>] = [:]
    /// Whether every touch is known. Once false it stays so.
    private(set) var isComplete = true
    /// The directories with touched names, and all above them.
    private var reached: Set<RepoPath> = []
    /// Files that were written by this name.
    private var written: Set<RepoPath> = []
    /// Names that are gone; what is written by them nobody can look at any more.
    private var gone: Set<RepoPath> = []
    /// Moves whose second half has not come: whether the file had been written.
    private var moving: [UInt32: Bool] = [:]

    /// What a directory itself suffers, and directories that come and go, no list of names can tell.
    private static let untold = UInt32(IN_ISDIR) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)
    /// The kernel has nothing more to say, or has lost something.
    private static let lost = UInt32(IN_Q_OVERFLOW) | UInt32(IN_IGNORED) | UInt32(IN_UNMOUNT)

    mutating func note(_ event: Event) {
        guard let name = event.name, event.mask & (Self.untold | Self.lost) == 0 else { return isComplete = false }
        let path = event.directory.appending(Array(name.bytes))
        reach(event.directory)
        names[event.directory, default: []].insert(name)
        switch event.mask {
        case UInt32(IN_CREATE): gone.remove(path)
        case UInt32(IN_DELETE): leave(path)
        case UInt32(IN_MOVED_FROM):
            moving[event.cookie] = written.remove(path) != nil
            gone.insert(path)
        case UInt32(IN_MOVED_TO):
            if written.contains(path) { isComplete = false }
            gone.remove(path)
            if moving.removeValue(forKey: event.cookie) == true { written.insert(path) }
        case _:
            if gone.contains(path) { isComplete = false }
            written.insert(path)
        }
    }

    private mutating func leave(_ path: RepoPath) {
        // What was written by a name that is gone may be the content of another one.
        if written.contains(path) { isComplete = false }
        gone.insert(path)
    }

    /// No further event comes.
    mutating func finish() {
        if moving.values.contains(true) { isComplete = false }
    }

    /// Whether a directory, or one below it, has touched names.
    func reaches(_ directory: RepoPath) -> Bool { reached.contains(directory) }

    private mutating func reach(_ directory: RepoPath) {
        var next: RepoPath? = directory
        while let path = next, reached.insert(path).inserted {
            next = path.bytes.isEmpty ? nil : path.parent ?? RepoPath("")
        }
    }
}
