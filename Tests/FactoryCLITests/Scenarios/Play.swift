import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// A repository whose agents follow a script.
///
/// The script is a directory of shell fragments. An agent runs the first that exists of `<pr>-<role>-<attempt>`,
/// `<pr>-<role>`, `<role>-<attempt>` and `<role>`, and plays its part as it should be played when there is none. The
/// words that a fragment may use stand in the agent below.
enum Play {
    static let agent = #"""
        #!/bin/sh
        set -eu
        n=$FACTORY_PR role=$FACTORY_ROLE
        mkdir -p "$TORTURE/starts"
        echo "$n $role $FACTORY_ATTEMPT" >> "$TORTURE/starts/all"

        result() { printf '%s' "$1" > "$FACTORY_RESULT"; }
        finish() { result '{"status":"done","summary":"played"}'; }
        ask() { result "{\"status\":\"question\",\"summary\":\"\",\"question\":\"$1\"}"; }
        plan() { printf '# Plan\n\n1. Write lib/%s.txt (D1).\n' "$n" > "$FACTORY_PLAN"; }
        implement() { mkdir -p lib; echo done > "lib/$n.txt"; }
        criteria='[{"id":"D1","met":true,"evidence":"seen"}]'
        approve() { result "{\"decision\":\"APPROVE\",\"summary\":\"good\",\"criteria\":$criteria}"; }
        send_back() {
            result "{\"decision\":\"REQUEST_CHANGES\",\"summary\":\"$1\",\"criteria\":$criteria,\"findings\":[{\"code\":\"no\",\"severity\":\"error\",\"path\":\"lib/1.txt\",\"line\":7,\"message\":\"$1\"}]}"
        }
        person() { git -C "$TORTURE/../app" "$@"; }
        # A person writes a line to a file of the main branch and pushes it.
        person_pushes() {
            printf '%s\n' "$2" > "$TORTURE/../app/$1"
            person add "$1"
            person commit -q -m "A person's change"
            person push -q factory main
        }

        for part in "$n-$role-$FACTORY_ATTEMPT" "$n-$role" "$role-$FACTORY_ATTEMPT" "$role"; do
            if [ -e "$TORTURE/script/$part" ]; then . "$TORTURE/script/$part"; exit; fi
        done
        case $role in
        planner) plan; finish ;;
        implementer) implement; finish ;;
        *) approve ;;
        esac
        """#

    static let check = #"""
        #!/bin/sh
        echo run >> "$TORTURE/checks"
        [ ! -e "$TORTURE/script/check" ] || . "$TORTURE/script/check"
        ! grep -rq -e broken -e '^<<<<<<<' lib
        """#

    static let checks = "  - { name: test, run: sh tools/check.sh, env: [TORTURE] }"

    static func configuration(_ extra: String, checks: String, concurrency: Int) -> String {
        """
        version: 1
        concurrency: \(concurrency)
        agents:
          default: { command: [sh, tools/agent.sh], env: [TORTURE] }
        checks:
        \(checks)
        sandbox: { kind: none }
        \(extra)

        """
    }

    static func spec(_ number: Int, _ front: String = "", context: String = "None.") -> (path: String, text: String) {
        let text = """
            ---
            \(front)
            ---
            # Play \(number)

            ## Problem

            The file lib/\(number).txt is missing.

            ## Reproduce

            `ls lib`

            ## Done

            - lib/\(number).txt is there.

            ## Context

            \(context)

            """
        return (path(number), text)
    }

    static func path(_ number: Int) -> String { "specs/000\(number)-play.md" }
    static func plan(_ number: Int) -> String { "specs/000\(number)-play.plan.md" }
    static func branch(_ number: Int) -> String { "spec/000\(number)-play" }
}

extension World {
    /// A world whose agents follow this script; with `disk` its factory stands on a file system of so many KiB.
    static func play(
        _ script: [String: String] = [:], specs: [(path: String, text: String)] = [Play.spec(1)],
        files: [String: String] = [:], configuration: String = "", checks: String = Play.checks, concurrency: Int = 1,
        disk: Int? = nil
    ) async throws -> World {
        let standing = [
            "tools/agent.sh": Play.agent, "tools/check.sh": Play.check, "lib/shared.txt": "one\ntwo\nthree\n",
        ]
        // Nobody cuts the power here, and syncing to a disk takes most of a scenario's time.
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
        let world = try World(in: TemporaryDirectory("factory-play", in: memory))
        if let disk { try await world.mount(disk) }
        for (path, text) in standing.merging(files, uniquingKeysWith: { _, new in new }) {
            try world.place(text, at: path)
        }
        try await world.found(Play.configuration(configuration, checks: checks, concurrency: concurrency))
        for (path, text) in specs { try world.place(text, at: path) }
        if !specs.isEmpty { try await world.factory(["submit"] + specs.map(\.path)) }
        try Files.makeDirectory(world.control + "/script")
        for (part, text) in script { try world.rewrite(part, text) }
        return world
    }

    /// Writes a file of the clone, and the directories above it.
    func place(_ text: String, at path: String) throws {
        try Files.makeDirectory(Paths.parent(of: "\(app)/\(path)"))
        try Files.write(text, to: "\(app)/\(path)")
    }

    /// Changes a part of the script.
    func rewrite(_ part: String, _ text: String) throws { try Files.write(text, to: "\(control)/script/\(part)") }

    /// The agents that were started, in order, such as `1 planner 1`.
    func starts() throws -> [String] { try lines("starts/all") }

    /// The agents of one role that were started.
    func starts(of role: Role) throws -> Int { try starts().filter { $0.contains(" \(role.rawValue) ") }.count }

    /// How often the check has run for pull requests: the runs on the main branch's own tree are left out.
    func checkRuns() async throws -> Int {
        try await lines("checks").count - probes().map(\.runs).reduce(0, +)
    }

    /// What an agent or a check has written down in the control directory.
    func noted(_ name: String) throws -> String { try Files.text("\(control)/\(name)") ?? "" }

    private func lines(_ name: String) throws -> [String] { try noted(name).split(separator: "\n").map(String.init) }

    /// The prompt of a session.
    func prompt(_ stage: Stage, _ attempt: Int = 1, of number: Int = 1) throws -> String {
        try Files.text("\(home)/sessions/\(number)/\(stage.rawValue)-\(attempt)/prompt.md") ?? ""
    }

    /// A file of a session's folder; nil when there is none.
    func left(_ name: String, in session: String, of number: Int = 1) throws -> String? {
        try Files.text("\(home)/sessions/\(number)/\(session)/\(name)")
    }

    /// The text of a file on the main branch; nil when it has none.
    func onMain(_ path: String) async throws -> String? {
        let answer = try await ask("git", ["show", "main:\(path)"], in: hub)
        return answer.code == 0 ? answer.output : nil
    }

    func why(_ number: Int = 1) async throws -> String { try await factory("why", String(number)) }

    /// Runs the line and expects every PR to have landed.
    func expectLanding(_ place: SourceLocation = #_sourceLocation) async throws {
        let code = try await run()
        var told: [String] = []
        for number in try await numbers() where try await pr(number).state != .merged {
            told.append(try await why(number))
        }
        #expect(code == 0 && told.isEmpty, "\(told.joined(separator: "\n"))", sourceLocation: place)
        try await expectSound(place)
    }

    /// Runs the line and expects the one PR to be parked; gives the reason.
    @discardableResult
    func expectParking(_ place: SourceLocation = #_sourceLocation) async throws -> Reason {
        #expect(try await run() == 3, sourceLocation: place)
        try await expectSound(place)
        let pr = try await pr(1)
        #expect(pr.state == .needsAttention, sourceLocation: place)
        let reason = try #require(pr.reason, sourceLocation: place)
        let why = try await why()
        #expect(why.contains(reason.rule), "\(why)", sourceLocation: place)
        return reason
    }

    private func expectSound(_ place: SourceLocation) async throws {
        let audit = try await ask(Self.program, ["verify"])
        #expect(audit.code == 0, "\(audit.output)", sourceLocation: place)
        await dismissAll()
    }

    /// The paths that any ref of the hub leads to, in whatever commit.
    func reachablePaths() async throws -> Set<String> {
        let listed = try await git("rev-list", "--objects", "--all", in: hub)
        return Set(
            listed.split(separator: "\n").compactMap { line in
                line.firstIndex(of: " ").map { String(line[line.index(after: $0)...]) }
            })
    }
}
