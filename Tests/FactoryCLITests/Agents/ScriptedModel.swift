import FactoryFiles
import FactoryProcess
import Testing

/// A server on loopback that plays the model of an agent program.
final class ScriptedModel: Sendable {
    let port: Int
    private let folder: TemporaryDirectory
    private let task: Task<Void, Never>

    /// Starts it; it plays this condition until another is set.
    init(_ condition: String = "well") async throws {
        folder = try TemporaryDirectory("scripted-model")
        try Files.write(condition, to: folder.path + "/condition")
        let watch = try DirectoryWatch([folder.path])
        let command = Command(
            "python3", ["-B", "\(World.scripts)/scripted_model.py", folder.path],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], directory: folder.path, marker: "scripted-model")
        let runner = try ProcessRunner()
        task = Task { _ = try? await runner.run(command) }
        var changes = watch.changes.makeAsyncIterator()
        var text: String?
        while text == nil {
            text = try Files.text(folder.path + "/port")
            if text == nil { _ = await changes.next() }
        }
        port = try #require(text.flatMap { Int($0) })
    }

    /// How many requests it has answered.
    func requests() throws -> Int { try Files.text(folder.path + "/requests")?.split(separator: "\n").count ?? 0 }

    /// Ends it: from now on its port refuses connections.
    func stop() async {
        task.cancel()
        await task.value
    }
}
