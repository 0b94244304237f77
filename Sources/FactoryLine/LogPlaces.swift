/// Where the commands of a session write their logs. Names of checks are a person's; those of the line stand in folders of
/// their own, so that no two commands write to one file.
struct LogPlaces {
    /// Absolute.
    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// Of a run that only fills the caches.
    var ofCaches: LogPlaces { LogPlaces("\(folder)/caches") }

    /// Of checks that are run once more.
    var again: LogPlaces { LogPlaces("\(folder)/again") }

    func artifacts(of check: String) -> String { "\(folder)/artifacts/\(check)" }
    /// Of a run with the main branch's tests.
    var ofBaseTests: LogPlaces { LogPlaces("\(folder)/base-tests") }

    func holdout(_ id: String) -> String { "\(folder)/holdouts/\(id).log" }

    func check(_ name: String) -> String { "\(folder)/\(name).log" }

    /// `number` counts from 1.
    func setup(_ number: Int) -> String { "\(folder)/setup/\(number).log" }
}

extension Shift {
    var logs: LogPlaces { LogPlaces(folder) }
}
