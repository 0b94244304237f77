import CSystem
import Glibc

/// What a run is looked at for while it goes on, all its processes together.
package struct Watch: Hashable, Sendable {
    /// Bytes of memory that the processes have for themselves.
    package var memory: Int
    /// Processes and threads.
    package var processes: Int
    /// Bytes that may be added to the disk.
    package var disk: Int
    /// Where those bytes are looked for.
    package var directories: [String]

    package init(memory: Int, processes: Int, disk: Int, directories: [String]) {
        self.memory = memory
        self.processes = processes
        self.disk = disk
        self.directories = directories
    }

    /// Seconds between two glances, each at one number.
    static let interval = 0.02
    /// Seconds between two looks at every process.
    static let longInterval = 0.25
}

/// Looks at what one run takes. Belongs to the reactor's thread.
struct Watcher {
    private let watch: Watch
    /// The disk may have become fuller by so much before it is looked at who has filled it.
    private let allowance: Int
    private let freeAtStart: Int?
    private let startedAt: Int
    private let threadsAtStart: Int
    private var nextLook = 0.0
    private var wasTooLarge = false

    init(_ watch: Watch) {
        self.watch = watch
        startedAt = time(nil)
        threadsAtStart = ProcessTable.threadsOfAll()
        freeAtStart = watch.directories.first.flatMap(Self.free)
        // Half of what is free is for others, the line's own records among them.
        allowance = min(watch.disk, (freeAtStart ?? .max) / 2)
    }

    /// Whether it is time to look at every process: now and then, and at once when the machine has many more threads
    /// than before. A fork bomb makes thousands in a blink.
    func isDue(_ now: Double) -> Bool {
        now >= nextLook || ProcessTable.threadsOfAll() - threadsAtStart > watch.processes
    }

    /// Why the run has to end, or nil. `processes` are those of the run.
    mutating func look(at processes: [Int32], _ now: Double) -> StopReason? {
        nextLook = now + Watch.longInterval
        if processes.count > watch.processes { return .processLimit }
        var threads = 0
        var memory = 0
        for pid in processes {
            guard let use = ProcessTable.use(of: pid) else { continue }
            threads += use.threads
            memory += use.memory
            if threads > watch.processes { return .processLimit }
        }
        // Right after a fork two processes share what is counted for both, so one look is not enough.
        let isTooLarge = memory > watch.memory
        defer { wasTooLarge = isTooLarge }
        if isTooLarge, wasTooLarge { return .memoryLimit }
        return isDiskTooFull ? .diskLimit : nil
    }

    /// Cheap as long as the disk as a whole has room: only then are the files looked at.
    private var isDiskTooFull: Bool {
        guard let first = watch.directories.first, let before = freeAtStart, let now = Self.free(first),
            before - now > allowance
        else { return false }
        // Nearly full: no longer the time to ask who it was. A file without a name, for one, is found nowhere.
        if now < before / 8 { return true }
        return watch.directories.contains { factory_bytes_written($0, startedAt) > allowance }
    }

    private static func free(_ path: String) -> Int? {
        let bytes = factory_free_bytes(path)
        return bytes < 0 ? nil : bytes
    }
}
