import FactoryCore
import Testing

@testable import FactoryProcess

struct FenceTests {
    private let tools = Fence.Tools(bubblewrap: "/usr/bin/bwrap", gate: "/opt/factory/factory-fence")
    private let command = Command(
        "sh", ["-c", "true"], environment: ["PATH": "/usr/bin", "KEY": "secret"], directory: "/lane", marker: "m")

    private func fence(_ network: SandboxSetting.Network) -> Fence {
        Fence(
            tools: tools, mounts: [.read("/usr"), .write("/lane")], network: network,
            bounds: Bounds(memory: 1, processes: 2, file: 3, disk: 4, scratch: 5), variables: ["HOME": "/h"],
            written: ["/lane"])
    }

    @Test func `a fence is one command line`() {
        let made = fence(.none).command(command)
        #expect(made.executable == "/usr/bin/bwrap" && made.directory == "/")
        #expect(
            made.arguments == [
                "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--unshare-pid", "--unshare-ipc",
                "--unshare-uts", "--unshare-cgroup-try", "--hostname", "lane", "--die-with-parent", "--new-session",
                "--unshare-net", "--ro-bind", "/usr", "/usr", "--bind", "/lane", "/lane",
                "--ro-bind", "/opt/factory/factory-fence", "/run/factory-fence", "--remount-ro", "/",
                "--chdir", "/lane", "--", "/run/factory-fence", "3", "0", "3", "2", "sh", "-c", "true",
            ])
    }

    @Test func `no variable stands on the command line`() {
        let made = fence(.proxy).command(command)
        #expect(!made.arguments.contains { $0.contains("secret") })
        #expect(made.environment["KEY"] == "secret" && made.environment["HOME"] == "/h")
    }

    @Test func `with a proxy the variables lead to it, and no host goes past it`() {
        let made = fence(.proxy).command(command)
        for name in ["HTTP_PROXY", "https_proxy", "ALL_PROXY"] {
            #expect(made.environment[name] == "http://127.0.0.1:3128")
        }
        #expect(made.environment["NO_PROXY"] == "" && made.environment["no_proxy"] == "")
        #expect(made.arguments.contains("--unshare-net") && made.arguments.suffix(6).first == "3128")
    }

    @Test func `the machine's own network is shared only when that is said`() {
        #expect(!fence(.host).command(command).arguments.contains("--unshare-net"))
        #expect(fence(.host).command(command).environment["HTTP_PROXY"] == nil)
    }

    @Test func `the limits of the command hold, and those of the fence`() {
        let limits = fence(.none).command(command).limits
        #expect(limits.watch == Watch(memory: 1, processes: 2, disk: 4, directories: ["/lane"]))
    }

    @Test(arguments: [
        (Mount.link("/bin", to: "usr/bin"), ["--symlink", "usr/bin", "/bin"]),
        (.empty("/tmp", bytes: 9), ["--perms", "0700", "--size", "9", "--tmpfs", "/tmp"]),
        (.readIfThere("/a"), ["--ro-bind-try", "/a", "/a"]), (.processes, ["--proc", "/proc"]),
        (.devices, ["--dev", "/dev"]),
    ])
    func `a mount is a few words`(_ mount: Mount, _ words: [String]) { #expect(mount.arguments == words) }
}

struct ToolchainTests {
    private func shown(_ path: String, but missing: Set<String> = []) -> [String] {
        Toolchains(home: "/users/ada", isDirectory: { !missing.contains($0) }).directories(of: path)
    }

    @Test(arguments: [
        ("/usr/bin:/bin:/usr/local/bin", []), ("/opt/swift/usr/bin", ["/opt/swift"]),
        ("/users/ada/.pyenv/shims:/users/ada/.pyenv/bin", ["/users/ada/.pyenv"]),
        ("/users/ada/.cargo/bin", ["/users/ada/.cargo/bin", "/users/ada/.rustup"]),
        ("/users/ada/bin", ["/users/ada/bin"]), ("/users/ada/work/tool/bin", ["/users/ada/work/tool/bin"]),
        ("/users/ada", []), ("/users/ada/", []), ("/users", []), ("/", []), ("/srv/sdk/bin", ["/srv/sdk"]),
        ("/users/bin", ["/users/bin"]), ("relative:.::/a/../b", []), ("/nix/store/abc/bin", ["/nix"]),
    ])
    func `a PATH shows its toolchains`(_ path: String, _ directories: [String]) {
        #expect(shown(path) == directories)
    }

    @Test func `what is not there is not shown`() {
        #expect(
            shown("/users/ada/.cargo/bin:/opt/x/bin", but: ["/users/ada/.rustup", "/opt/x"]) == [
                "/users/ada/.cargo/bin"
            ])
    }
}

struct HostViewTests {
    @Test func `a hidden directory is covered wherever it lies, and nothing is covered for nothing`() {
        let view = HostView.look(path: "/usr/bin", home: "/nowhere/ada")
        let hidden = view.root(hiding: ["/usr/share", "/tmp"], reading: [], bounds: Bounds())
        #expect(
            hidden.contains(.empty("/usr/share", bytes: 1 << 16)) && !hidden.contains(.empty("/tmp", bytes: 1 << 16)))
    }

    @Test(arguments: ["", "/", "/usr", "/usr/x", "/etc", "/tmp", "/var", "relative", "/a/../etc"])
    func `a home that cannot be covered gives way to another`(_ home: String) {
        #expect(HostView.look(path: "", home: home).home == "/agent")
    }

    @Test(arguments: ["/users/ada", "/tmp/x", "/var/lib/x", "/dev/shm/x"])
    func `a home keeps its place`(_ home: String) { #expect(HostView.look(path: "", home: home).home == home) }
}
