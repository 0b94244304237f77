package import FactoryCore
import Synchronization

/// Reads the specs and decision records of a repository.
package final class SpecLibrary: Library {
    /// Specs that were read, by their text: each stage asks for the same one again.
    private let known = Mutex<[[UInt8]: Spec]>([:])

    package init() {}

    /// Throws a `SpecError` with everything that is wrong with the text.
    package func spec(_ text: [UInt8], at path: RepoPath) throws -> Spec {
        if let spec = known.withLock({ $0[text] }), spec.path == path { return spec }
        let spec = try SpecFile.parse(text, path: path)
        known.withLock { known in
            if known.count >= 64 { known = [:] }
            known[text] = spec
        }
        return spec
    }

    /// The decision records that the spec mentions, each once, in the order of the text. A name without a directory is
    /// one of `docs/decisions`.
    package func records(of spec: Spec, among names: [String]) -> [RepoPath] {
        let paths = names.map { RepoPath($0.contains("/") ? $0 : "docs/decisions/" + $0) }
        var found: [RepoPath] = []
        for path in spec.records.flatMap({ DecisionRecords.find(named: $0, among: paths) }) where !found.contains(path)
        {
            found.append(path)
        }
        return found
    }
}
