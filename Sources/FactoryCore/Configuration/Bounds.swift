/// The most that one fenced session may take of the machine, all its processes together.
package struct Bounds: Hashable, Sendable {
    /// Bytes of memory that its processes have for themselves. Watched.
    package var memory: Int
    /// Processes and threads at one time. Watched, and for an ordinary user kept to by the kernel as well.
    package var processes: Int
    /// Bytes of one file. Kept to by the kernel.
    package var file: Int
    /// Bytes that it may add to the disk. Watched.
    package var disk: Int
    /// Bytes of each of its two private directories, home and `/tmp`, which are in memory. Kept to by the kernel.
    package var scratch: Int

    package init(
        memory: Int = 8 << 30, processes: Int = 1024, file: Int = 4 << 30, disk: Int = 16 << 30, scratch: Int = 1 << 30
    ) {
        self.memory = memory
        self.processes = processes
        self.file = file
        self.disk = disk
        self.scratch = scratch
    }
}
