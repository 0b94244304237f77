import FactoryAgents
import FactoryConfig
import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryProcess

/// What `doctor` asks of the known programs that are configured: where they are, which version, whether they can log in;
/// and whether reviewers look with other eyes than writers.
struct AgentExamination {
    let workplace: Workplace
    let floor: Floor

    private typealias Finding = DoctorVerb.Finding
    private var environment: [String: String] { workplace.context.environment }

    func perform() async -> [DoctorVerb.Finding] {
        var findings: [Finding] = []
        for (name, settings) in used() {
            guard let profile = floor.profiles[name] else { continue }
            findings.append(await version(name, profile))
            findings += settings.map { login(name, profile, $0) }.reduce(into: []) { all, next in
                if !all.contains(where: { $0.what == next.what }) { all.append(next) }
            }
        }
        return findings + vendors() + others()
    }

    /// The profiles in use with their settings.
    private func used() -> [(name: String, settings: [AgentSetting])] {
        let settings = Role.allCases.compactMap { floor.configuration.agent(for: $0) }
        let names = settings.compactMap(\.profile).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return names.map { name in (name, settings.filter { $0.profile == name }) }
    }

    /// Starts the program once, to print its version.
    private func version(_ name: String, _ profile: AgentProfile) async -> Finding {
        let path = Programs.find(profile.program, path: environment["PATH"]) ?? profile.program
        let command = Command(
            profile.program, profile.version,
            environment: AgentEnvironment.make(from: environment, passing: [], fixed: [:]),
            directory: workplace.home.path, limits: ProcessLimits(wall: 30, outputBytes: 64 << 10), marker: "doctor")
        let output: String
        do throws(LaunchError) { output = try await workplace.runner.run(command).output.text } catch {
            return Finding(verdict: .fail, what: "\(name) cannot be started", fix: "\(error)")
        }
        let checked = profile.checked.version
        guard let found = output.firstMatch(of: /[0-9]+\.[0-9]+(?:\.[0-9]+)?/).map({ String($0.0) }) else {
            return Finding(
                verdict: .warn, what: "\(name) is at \(path) and does not say which version it is",
                fix: "the profile was written for \(checked); try one spec before you leave it alone")
        }
        if profile.checked.source == .run, found == checked {
            return Finding(
                verdict: .pass, what: "\(name) \(found) is at \(path); the profile was tried with this version")
        }
        let what =
            profile.checked.source == .run
            ? "was tried with \(checked)" : "is written from documents (\(checked)) and was never tried"
        return Finding(
            verdict: .warn, what: "\(name) \(found) is at \(path); the profile \(what)",
            fix: "try one spec before you leave it alone; what differs can be mended in .factory/agents.yml")
    }

    /// As far as can be told for free: nobody is asked whether key or login are good.
    private func login(_ name: String, _ profile: AgentProfile, _ setting: AgentSetting) -> Finding {
        let keys = setting.environment.filter { environment[$0]?.isEmpty == false }
        if let key = profile.keys.first(where: keys.contains) {
            return Finding(verdict: .pass, what: "\(name) gets a key in \(key)")
        }
        if setting.login, AgentsOnPath(environment: environment).hasLogin(profile) {
            return Finding(verdict: .pass, what: "\(name) uses the login in \(profile.login[0].from)")
        }
        let missing =
            setting.login ? " and has not logged in (\(profile.login.first?.from ?? "it has no login file"))" : ""
        let names = profile.keys.joined(separator: ", ")
        let key = names.isEmpty ? "" : "name the variable with its key (\(names)) under env:, and set it for the line"
        let login = profile.login.isEmpty ? "" : "log in with \(profile.program) and set login: true"
        return Finding(
            verdict: .warn, what: "\(name) gets none of its usual keys\(missing)",
            fix: [key, login].filter { !$0.isEmpty }.joined(separator: "; or "))
    }

    /// Two agents of one maker have the same blind spots.
    private func vendors() -> [Finding] {
        func vendor(_ role: Role) -> String? {
            floor.configuration.agent(for: role)?.profile.flatMap { floor.profiles[$0]?.vendor }
        }
        return [(Role.planner, Role.planReviewer), (.implementer, .codeReviewer)].compactMap { writer, reviewer in
            guard let maker = vendor(writer), maker == vendor(reviewer) else { return nil }
            return Finding(
                verdict: .warn, what: "\(writer.rawValue) and \(reviewer.rawValue) both use models of \(maker)",
                fix: "give `\(reviewer.rawValue):` an agent of another maker: it has other blind spots")
        }
    }

    /// Known programs that nobody uses.
    private func others() -> [Finding] {
        let used = Set(used().map(\.name))
        guard !used.isEmpty else { return [] }
        let found = AgentsOnPath(environment: environment).found(floor.profiles).filter { !used.contains($0) }
        guard !found.isEmpty else { return [] }
        return [Finding(verdict: .pass, what: "also in PATH: \(found.joined(separator: ", "))")]
    }
}
