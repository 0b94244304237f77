package import FactoryFiles

/// The environment of agents and commands. It is built from nothing: what is not named here or in the configuration
/// does not reach them.
package enum AgentEnvironment {
    private static let passed: Set<String> = [
        "PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER", "LOGNAME", "SHELL",
    ]

    /// Where programs are looked for when the line itself has no `PATH`.
    private static let standardPath = "/usr/local/bin:/usr/bin:/bin"

    /// The whole environment of a program.
    /// - Parameters:
    /// - inherited: The line's own environment, of which only the allowed names and `LC_*` are taken.
    /// - names: Further names to take from it, as configured. One that is not set stays unset.
    /// - fixed: Variables of the line. They win over everything else.
    package static func make(
        from inherited: [String: String], passing names: [String], fixed: [String: String]
    ) -> [String: String] {
        let named = passed.union(names)
        var environment = inherited.filter { named.contains($0.key) || $0.key.hasPrefix("LC_") }
        if environment["PATH"] == nil { environment["PATH"] = standardPath }
        environment["TERM"] = "dumb"
        return environment.merging(fixed) { $1 }
    }

    /// The environment that this process was started with. Variables that are no UTF-8 are left out.
    package static func ofThisProcess() throws(SystemError) -> [String: String] {
        var environment: [String: String] = [:]
        for entry in try Files.read("/proc/self/environ").split(separator: 0) {
            guard let text = String(validating: entry, as: UTF8.self), let sign = text.firstIndex(of: "=") else {
                continue
            }
            environment[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return environment
    }
}
