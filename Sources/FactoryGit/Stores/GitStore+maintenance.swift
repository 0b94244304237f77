package import FactoryCore
import FactoryFiles

extension GitStore {
    /// Keeps reading cheap: folds PRs that were closed before `time` into the archive and packs refs where there are
    /// many. Gives the git commands that are worth running besides. Does nothing while another process is at it.
    package func maintain(archivingBefore time: Timestamp, at now: Timestamp) throws -> [GitCommand] {
        guard let mine = try journal.repository.maintenanceLock(), let hubLock = try hub.maintenanceLock() else {
            return []
        }
        _ = try archive(closedBefore: time, at: now)
        if try journal.list().count > Self.manyRefs {
            try journal.repository.packRefs(under: mine)
            try hub.packRefs(under: hubLock)
        }
        return try [hub, journal.repository].filter { try hasManyLooseObjects($0) }
            .map { GitCommand.repackKeepingUnreachable($0.path) }
    }

    /// After the commands of `maintain` were run: git takes away directories that it has emptied.
    package func restoreAfterRepack() throws {
        try hub.restoreFanOut()
        try journal.repository.restoreFanOut()
    }

    /// Loose refs above which listing them is felt.
    private static let manyRefs = 300
    /// Loose objects in one of the 256 directories above which a store is packed; some 7,000 in all.
    private static let manyObjects = 27

    private func hasManyLooseObjects(_ store: Repository) throws -> Bool {
        try Files.list(store.path + "/objects/17").count > Self.manyObjects
    }
}
