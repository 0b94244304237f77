package import FactoryCore

/// What a session sees and reaches: a root built up from nothing, namespaces of its own, no privileges.
///
/// A value; `command` turns it into what is started. What it stands on is bubblewrap, see decision 30.
package struct Fence: Hashable, Sendable {
    /// The two programs that make a fence.
    package struct Tools: Hashable, Sendable {
        /// The path of bubblewrap.
        package var bubblewrap: String
        /// The path of our own first program inside.
        package var gate: String

        package init(bubblewrap: String, gate: String) {
            self.bubblewrap = bubblewrap
            self.gate = gate
        }
    }

    package var tools: Tools
    /// In the order in which they are made: a later one may lie in an earlier one.
    package var mounts: [Mount]
    /// Where the program starts; by default where the command says.
    package var directory: String?
    package var network: SandboxSetting.Network
    /// Who may be reached when the network is `proxy`.
    package var hosts: [HostRule]
    package var bounds: Bounds
    /// Variables that hold inside, whatever the command says.
    package var variables: [String: String]
    /// Directories of the host that the session writes to: what it adds to the disk is counted there.
    package var written: [String]

    package init(
        tools: Tools, mounts: [Mount], directory: String? = nil, network: SandboxSetting.Network = .none,
        hosts: [HostRule] = [], bounds: Bounds = Bounds(), variables: [String: String] = [:], written: [String] = []
    ) {
        self.tools = tools
        self.mounts = mounts
        self.directory = directory
        self.network = network
        self.hosts = hosts
        self.bounds = bounds
        self.variables = variables
        self.written = written
    }
}

extension Fence {
    /// Where the gate stands inside.
    static let gate = "/run/factory-fence"
    /// Where the line's proxy listens inside.
    static let proxyPort = 3128
    /// The number of the socket to the line, for bubblewrap and the gate.
    static let door: Int32 = 3

    private static let namespaces = [
        "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
        "--unshare-cgroup-try", "--hostname", "lane", "--die-with-parent", "--new-session",
    ]

    /// The command as it runs inside: the same program, environment and limits, behind bubblewrap and the gate.
    ///
    /// The environment is handed on and not named among the arguments, which everybody on the machine can read.
    package func command(_ inner: Command) -> Command {
        var outer = inner
        outer.executable = tools.bubblewrap
        outer.directory = "/"
        outer.environment = inner.environment.merging(variables) { $1 }.merging(proxyVariables) { $1 }
        outer.arguments =
            Self.namespaces + (network == .host ? [] : ["--unshare-net"])
            + mounts.flatMap(\.arguments) + Mount.read(tools.gate, at: Self.gate).arguments
            + Mount.seal("/").arguments + ["--chdir", directory ?? inner.directory, "--", Self.gate]
            + gateArguments + [inner.executable] + inner.arguments
        outer.isFenced = true
        outer.limits.watch = Watch(
            memory: bounds.memory, processes: bounds.processes, disk: bounds.disk, directories: written)
        return outer
    }

    private var gateArguments: [String] {
        let port = network == .proxy ? Self.proxyPort : 0
        return [String(Self.door), String(port), String(bounds.file), String(bounds.processes)]
    }

    private var proxyVariables: [String: String] {
        guard network == .proxy else { return [:] }
        let address = "http://127.0.0.1:\(Self.proxyPort)"
        let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        var variables = ["NO_PROXY": "", "no_proxy": ""]
        for name in names + names.map({ $0.lowercased() }) { variables[name] = address }
        return variables
    }
}
