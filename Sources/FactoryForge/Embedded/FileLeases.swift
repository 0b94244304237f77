package import FactoryCore
import FactoryFiles
import FactoryProcess

/// Leases as kernel locks on files: gone with their process.
package struct FileLeases: Leases {
    private let directory: String

    package init(directory: String) { self.directory = directory }

    package func take(_ number: PRNumber) throws -> (any Lease)? {
        try FileLock(tryLocking: "\(directory)/pr-\(number.value)").map { FileLease(lock: $0) }
    }

    package func endProcesses(marked marker: String) -> Int { ProcessTree.endAll(marker: marker) }
}

private final class FileLease: Lease {
    let lock: FileLock
    init(lock: FileLock) { self.lock = lock }

    func release() { lock.release() }
}
