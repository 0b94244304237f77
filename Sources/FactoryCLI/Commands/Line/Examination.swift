import FactoryCore
import FactoryForge
import FactoryGit

/// The questions of `doctor`, each asked even when another one failed.
struct Examination {
    let context: Context

    func perform() async -> [DoctorVerb.Finding] {
        var findings = [await repository()]
        do {
            let workplace = try Workplace(context)
            findings.append(.init(verdict: .pass, what: "the factory is at \(workplace.home.path)"))
            findings += await floor(workplace)
            findings += await drift(workplace)
            findings += await unseen(workplace)
            findings.append(await journals(workplace))
            findings += await line(workplace)
        } catch ForgeError.noRepository, ForgeError.noWorkTree {
            // The first finding has said so.
        } catch {
            findings.append(.init(verdict: .fail, what: "no factory: \(error)"))
        }
        return findings
    }

    private func repository() async -> DoctorVerb.Finding {
        do {
            let checkout = try await context.checkout()
            try await checkout.requireWhole()
            return .init(verdict: .pass, what: "the repository at \(checkout.root) can be worked with")
        } catch {
            return .init(verdict: .fail, what: "the repository cannot be worked with: \(error)")
        }
    }

    private func floor(_ workplace: Workplace) async -> [DoctorVerb.Finding] {
        do {
            let floor = try await workplace.floors.floor(at: workplace.store.mainTip())
            let configuration = floor.configuration
            let obstacles = try await Obstacles(workplace: workplace, floor: floor).list()
            let amiss = obstacles.map { DoctorVerb.Finding(verdict: .fail, what: $0.what, fix: $0.fix) }
            var findings: [DoctorVerb.Finding] = [
                .init(verdict: .pass, what: "the configuration and the prompts on the hub are valid")
            ]
            if !configuration.checks.isEmpty {
                let names = configuration.checks.map(\.name).joined(separator: ", ")
                findings.append(.init(verdict: .pass, what: "checks: \(names)"))
            }
            findings += quarantine(configuration)
            findings.append(contentsOf: sandbox(floor, obstacles))
            if amiss.isEmpty {
                findings += Role.allCases.compactMap { agent($0, configuration) }
                findings += await AgentExamination(workplace: workplace, floor: floor).perform()
            }
            return findings + budget(floor) + (await gitHub(workplace, floor)) + amiss
        } catch {
            return [.init(verdict: .fail, what: "\(error)")]
        }
    }

    private func quarantine(_ configuration: Configuration) -> [DoctorVerb.Finding] {
        let today = Day(context.clock.now())
        let resting = configuration.quarantine.filter { entry in
            entry.until >= today && configuration.checks.contains { $0.name == entry.check }
        }
        return resting.map {
            .init(verdict: .warn, what: "the check \($0.check) does not count until \($0.until): \($0.reason)")
        }
            + configuration.quarantineFaults(on: today).map {
                .init(
                    verdict: .warn, what: $0, fix: "take the entry out of .factory/config.yml, or give it another day")
            }
    }

    /// That it works was tried by then: what is amiss with it is among the obstacles.
    private func sandbox(_ floor: Floor, _ obstacles: [Obstacle]) -> [DoctorVerb.Finding] {
        let setting = floor.configuration.sandbox
        guard setting.kind != .none else {
            return [.init(verdict: .warn, what: SandboxWarning.what, fix: SandboxWarning.fix)]
        }
        guard !obstacles.contains(where: \.isOfSandbox) else { return [] }
        let agents = Role.allCases.compactMap(floor.configuration.agent)
        let known = agents.compactMap { $0.profile.flatMap { floor.profiles[$0] } }
        let hosts = setting.hosts + agents.flatMap(\.hosts) + known.flatMap(\.hosts)
        let remark = setting.agents == .proxy && hosts.isEmpty ? " (no host is named under `hosts:`)" : ""
        let network = "agents \(setting.agents.rawValue)\(remark), checks \(setting.checks.rawValue)"
        return [.init(verdict: .pass, what: "the sandbox works: bubblewrap; network: \(network)")]
    }

    private func agent(_ role: Role, _ configuration: Configuration) -> DoctorVerb.Finding? {
        let setting = configuration.agent(for: role)
        if let name = setting?.profile {
            let model = setting?.model.map { " with the model \($0)" } ?? ""
            return .init(verdict: .pass, what: "the \(role.rawValue) is \(name)\(model)")
        }
        guard let command = setting?.command else { return nil }
        return .init(verdict: .pass, what: "the \(role.rawValue) runs \(command.joined(separator: " "))")
    }

    private func drift(_ workplace: Workplace) async -> [DoctorVerb.Finding] {
        do {
            let checkout = try await context.checkout()
            return try await Drift(checkout: checkout, store: workplace.store).sentences()
                .map { .init(verdict: .warn, what: $0) }
        } catch {
            return [.init(verdict: .warn, what: "the checkout cannot be compared with the hub: \(error)")]
        }
    }

    private func unseen(_ workplace: Workplace) async -> [DoctorVerb.Finding] {
        // Where the main branch cannot be read, the floor's finding has said so.
        let sentences = (try? await Unseen(store: workplace.store).sentences(thorough: true)) ?? []
        return sentences.map { .init(verdict: .warn, what: $0) }
    }

    private func line(_ workplace: Workplace) async -> [DoctorVerb.Finding] {
        do {
            let standing = try await workplace.store.standing().standing
            let view = StandingView(
                standing: standing, time: LocalTime(context.clock), mainBranch: await workplace.store.mainBranch)
            return view.headline.map { [.init(verdict: .warn, what: $0, fix: view.ways.last?.command ?? "")] } ?? []
        } catch {
            return [
                .init(verdict: .fail, what: "the line's own record cannot be read: \(error)", fix: "factory verify")
            ]
        }
    }

    private func journals(_ workplace: Workplace) async -> DoctorVerb.Finding {
        do {
            let count = try await workplace.store.list().count
            return .init(verdict: .pass, what: "the journal can be read: \(count) pull requests")
        } catch {
            return .init(verdict: .fail, what: "the journal cannot be read: \(error)", fix: "factory verify")
        }
    }
}
