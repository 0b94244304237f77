import FactoryCore
import FactoryForge
import FactoryGit

extension Examination {
    /// What GitHub says to a configured `forge:`.
    func gitHub(_ workplace: Workplace, _ floor: Floor) async -> [DoctorVerb.Finding] {
        guard let forge = floor.configuration.forge else { return [] }
        do {
            let connection = try workplace.connection(forge)
            let found = await connection.survey(main: await workplace.store.mainBranch).perform()
            await connection.end()
            return found.map { DoctorVerb.Finding($0) }
        } catch {
            return [.init(verdict: .fail, what: "GitHub cannot be asked", fix: "\(error)")]
        }
    }
}

extension DoctorVerb.Finding {
    fileprivate init(_ finding: GitHubFinding) {
        let verdict: DoctorVerb.Finding.Verdict =
            switch finding.verdict {
            case .pass: .pass
            case .warn: .warn
            case .fail: .fail
            }
        self.init(verdict: verdict, what: finding.what, fix: finding.fix)
    }
}
