import FactoryCore
import FactoryFiles
import Glibc

/// Whether this machine can make fences.
package enum Sandbox {
    /// Why it cannot, with what to do about it.
    package struct Trouble: Error, Hashable, Sendable, CustomStringConvertible {
        package let what: String
        package let fix: String
        package var description: String { "\(what): \(fix)" }
    }

    /// Finds bubblewrap in a `PATH`, and our own gate beside this program. Throws `Trouble`.
    package static func tools(path: String?) throws(Trouble) -> Fence.Tools {
        let directories = (path ?? "").split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
        let places = directories.filter { $0.hasPrefix("/") }.map { "\($0)/bwrap" }
        guard let bubblewrap = places.first(where: Files.isProgram) else {
            throw Trouble(
                what: "there is no bubblewrap, which the sandbox is made with",
                fix: "run `sudo apt-get install bubblewrap`")
        }
        let own = (try? Paths.resolve("/proc/self/exe")) ?? ""
        let gate = Paths.parent(of: own) + "/factory-fence"
        guard Files.isProgram(gate) else {
            throw Trouble(
                what: "the program factory-fence, a part of the sandbox, is not beside \(own)",
                fix: "install it again: `make install` puts both there")
        }
        return Fence.Tools(bubblewrap: bubblewrap, gate: gate)
    }

    /// Makes one fence and runs a program in it, with a network of its own and a proxy. Throws `Trouble`.
    package static func prove(_ tools: Fence.Tools, runner: ProcessRunner) async throws(Trouble) {
        let bounds = Bounds(scratch: 1 << 20)
        let view = HostView.look(path: "/usr/bin:/bin", home: "/agent")
        let fence = Fence(
            tools: tools, mounts: view.root(hiding: [], reading: [], bounds: bounds), network: .proxy, bounds: bounds)
        let command = Command(
            "/bin/sh", ["-c", "[ -w /tmp ] && [ ! -w / ] && [ ! -e /etc/shadow ]"],
            environment: ["PATH": "/usr/bin:/bin"], directory: "/tmp", limits: ProcessLimits(wall: 30),
            marker: "sandbox")
        let words: String
        do throws(LaunchError) {
            let ended = try await runner.run(command, in: fence)
            if ended.succeeded { return }
            words = "a program inside ended with \(ended.ending): \(ended.output.text)"
        } catch {
            words = if case .fenceFailed(let said) = error { said } else { error.description }
        }
        let line = words.split(separator: "\n").joined(separator: " ")
        throw Trouble(what: "bubblewrap cannot make a sandbox here: \(line)", fix: advice(for: words))
    }

    /// What forbids namespaces to ordinary users, where it is known.
    private static func advice(for words: String) -> String {
        if setting("kernel/apparmor_restrict_unprivileged_userns") == "1" {
            let profile = "profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }"
            return "AppArmor keeps ordinary users from making namespaces. Allow it to bubblewrap alone: `echo "
                + "'\(profile)' | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`; or to every program: "
                + "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
        }
        if setting("kernel/unprivileged_userns_clone") == "0" {
            return "run `sudo sysctl kernel.unprivileged_userns_clone=1`"
        }
        if setting("user/max_user_namespaces") == "0" { return "run `sudo sysctl user.max_user_namespaces=15000`" }
        return "in a container, allow it user namespaces; or set `sandbox: { kind: none }` in .factory/config.yml, "
            + "where nothing that the user who runs the line can reach is worth protecting"
    }

    private static func setting(_ name: String) -> String? {
        (try? Files.text("/proc/sys/\(name)")).flatMap { $0 }.map { String($0.prefix { $0 != "\n" }) }
    }
}
