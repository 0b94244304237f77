import FactoryCore
import FactoryFiles
import Testing

/// The line on a GitHub that answers badly, with another machine beside it, and killed on the way: the end is the same.
@Suite(.serialized) struct `The line on GitHub in bad weather` {
    /// Faults that the line gets over by itself.
    enum Weather: String, CaseIterable {
        case errors, lostAnswers, limits, cuts, stale

        var rules: [JSONObject] {
            switch self {
            case .errors:
                [
                    ["kind": "status", "status": 500, "path": "^/repos/", "nth": 3, "times": 2],
                    ["kind": "status", "status": 503, "path": "git-upload-pack", "nth": 5, "times": 1],
                    ["kind": "html", "path": "/labels", "nth": 2],
                ]
            case .lostAnswers:
                [
                    ["kind": "status", "status": 502, "when": "after", "method": "POST", "path": "/pulls$"],
                    ["kind": "status", "status": 502, "when": "after", "method": "POST", "path": "/comments$"],
                    ["kind": "status", "status": 502, "when": "after", "method": "PUT", "path": "/labels$", "nth": 2],
                    ["kind": "status", "status": 502, "when": "after", "path": "/git-receive-pack$", "nth": 7],
                ]
            case .limits:
                [
                    ["kind": "secondary", "status": 429, "retry_after": 2, "method": "POST", "path": "^/repos/"],
                    ["kind": "secondary", "status": 403, "retry_after": 1, "method": "PUT", "path": "/labels$"],
                ]
            case .cuts:
                [
                    ["kind": "cut", "path": "/git-receive-pack$", "nth": 4],
                    ["kind": "cut", "when": "after", "path": "/git-receive-pack$", "nth": 10],
                    ["kind": "cut", "when": "after", "method": "POST", "path": "/comments$"],
                    ["kind": "cut", "when": "middle", "method": "GET", "path": "/issues", "nth": 2],
                ]
            case .stale:
                [["kind": "stale-labels", "method": "GET", "path": "/issues", "times": nil, "changes": 2]]
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: Torture.isFull ? Weather.allCases : [.lostAnswers])
    func `it comes to the same end in bad weather`(weather: Weather) async throws {
        let here = try await OnGitHub.play(specs: [1, 2])
        for rule in weather.rules { try await here.hub.control("faults", .object(rule)) }
        let run = try await here.world.start()
        let code = await run.code()
        #expect(code == 0, "\(run.errors)")
        #expect(try await here.world.end().landed.sorted() == ["1", "2"])
        let starts = try here.world.starts()
        #expect(starts.count == 8, "\(starts)")
        if weather == .stale { try await here.hub.control("clear", .object([:])) }
        try await here.expectWhole("\(weather)")
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(3)))
    func `two machines share the work`() async throws {
        let here = try await OnGitHub.play(specs: [1, 2, 3, 4])
        let there = try await here.second()
        let (one, two) = (try await here.world.start(), try await there.world.start())
        let codes = (await one.code(), await two.code())
        // Who ends first may see the other's as still open.
        #expect([0, 8].contains(codes.0) && [0, 8].contains(codes.1), "\(codes) \(one.errors) \(two.errors)")
        #expect(try await here.world.run() == 0)
        #expect(try await there.world.run() == 0)
        #expect(try await here.world.end().landed.sorted() == ["1", "2", "3", "4"])
        #expect(try await there.world.end().landed.sorted() == ["1", "2", "3", "4"])
        let starts = try here.world.starts() + there.world.starts()
        #expect((16...17).contains(starts.count), "\(starts)")
        try await there.expectWhole()
        try await here.expectWhole()
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(30)))
    func `a line that is killed after any effect goes on to the same end`() async throws {
        let list = try await OnGitHub.play()
        let effects = list.world.base.path + "/effects"
        #expect(try await list.world.run(["FACTORY_EFFECTS": effects]) == 0)
        await list.hub.end()
        await list.world.dismissAll()
        let count = try #require(try Files.text(effects)).split(separator: "\n").count
        for point in Torture.isFull ? Array(stride(from: 1, through: count, by: 3)) : [count / 2] {
            let here = try await OnGitHub.play()
            // How many effects there are differs by one or two: then it has simply ended.
            let first = try await here.world.run(["FACTORY_STOP_AFTER_EFFECT": "\(point)"])
            #expect(first == 137 || first == 0 && point > count - 4, "killed at \(point)")
            let last = try await here.world.start()
            let code = await last.code()
            #expect(code == 0, "killed at \(point): \(last.errors)")
            #expect(try here.world.starts().count <= 5, "killed at \(point)")
            #expect(try await here.world.end().landed == ["1"], "killed at \(point)")
            try await here.expectWhole("killed at \(point)")
            await here.hub.end()
        }
    }
}
