import FactoryCore
import FactoryFiles
import FactoryGit

/// Lays out the files of holdouts in the factory's own directory, which no session sees but the holdout's.
struct HoldoutFolder: HoldoutTable {
    let store: GitStore
    /// Absolute; for its owner alone.
    let directory: String

    func layOut(_ holdout: Holdout, of number: PRNumber) async throws -> String {
        let place = "\(directory)/\(number.value)/\(holdout.id)"
        try Files.remove(place)
        try Files.makeDirectory(place, mode: 0o700)
        try await store.export(holdout, to: place)
        return place
    }

    func clear(_ number: PRNumber) async throws { try Files.remove("\(directory)/\(number.value)") }
}
