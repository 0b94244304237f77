import FactoryAgents
import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryProcess
import Glibc

/// What a command may use of the world outside. Carried, never reached for.
struct Context: Sendable {
    /// Where the program was started.
    let directory: String
    let environment: [String: String]
    let output: Output
    let clock: any WallClock

    /// The context of this process.
    static func ofThisProcess() throws -> Context {
        let environment = try AgentEnvironment.ofThisProcess()
        return Context(
            directory: try Paths.current(), environment: environment, output: Output(environment: environment),
            clock: SystemClock())
    }

    /// The factory of the repository that the program was started in. Throws `ForgeError` when there is none.
    func home() throws -> Home {
        guard let clone = Clone.find(from: directory) else { throw ForgeError.outside(directory) }
        return try Home.of(clone)
    }

    func checkout() async throws -> Checkout {
        try await Checkout.find(from: directory, runner: ProcessRunner(), environment: environment)
    }
}

/// The machine's clock and local time.
struct SystemClock: WallClock {
    func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func minuteOfDay() -> Int {
        var seconds = time(nil)
        var local = tm()
        localtime_r(&seconds, &local)
        return Int(local.tm_hour) * 60 + Int(local.tm_min)
    }

    func sleep(seconds: Double) async { try? await Task.sleep(for: .seconds(seconds)) }
}
