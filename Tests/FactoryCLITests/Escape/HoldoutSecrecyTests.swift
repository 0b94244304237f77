import FactoryCore
import FactoryFiles
import Testing

/// Nobody who works on a spec gets at its holdouts, not even by way of the code that they test.
@Suite(.serialized, .enabled(if: Breakout.hasSandbox, "needs bubblewrap"), .timeLimit(.minutes(5)))
struct HoldoutSecrecyTests {
    private static let marker = "marzipan-7431"

    /// Looks everywhere but in the machine's own programs; the pattern does not match itself.
    private static let search = #"""
        #!/bin/bash
        m='marzipa[n]-7431'
        grep -rlsa "$m" / --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr --exclude-dir=dev && echo FOUND file
        grep -rlsa "$m" /dev/shm && echo FOUND memory
        grep -lsa "$m" /proc/[0-9]*/environ /proc/[0-9]*/cmdline && echo FOUND process
        for store in .git "$(cat .git/objects/info/alternates 2> /dev/null)/.."; do
            git --git-dir="$store" cat-file --batch-all-objects --batch 2> /dev/null | grep -qa "$m" && echo FOUND object
        done
        env | grep -qa -e "$m" -e FACTORY_HOLDOUT && echo FOUND variable
        echo searched
        """#

    private static let agent = #"""
        #!/bin/bash
        bash tools/search.sh
        criteria='[{"id":"D1","met":true,"evidence":"seen"}]'
        case $FACTORY_ROLE in
        planner) printf '# Plan\n\n1. Do it (D1).\n' > "$FACTORY_PLAN" ;;
        implementer)
            [ "$FACTORY_ATTEMPT" = 1 ] || echo again > lib/second
            mkdir -p lib; echo "$FACTORY_PR" > "lib/$FACTORY_PR.txt"
            cat > lib/app.sh <<'END'
        for place in . cache .git .git/hooks .git/objects lib /tmp /dev/shm "$HOME" /var/tmp; do
            mkdir -p $place; cp -r "$FACTORY_HOLDOUT" $place/stolen 2> /dev/null
        done
        git add -A -f . 2> /dev/null; git commit -q -m stolen 2> /dev/null
        cp -r "$FACTORY_HOLDOUT" cache/deep/ 2> /dev/null
        (setsid sleep 27183; cat "$FACTORY_HOLDOUT"/*) &
        END
            ;;
        *) printf '{"decision":"APPROVE","summary":"good","criteria":%s}' "$criteria" > "$FACTORY_RESULT" ;;
        esac
        [ -e "$FACTORY_RESULT" ] || echo '{"status":"done","summary":"played"}' > "$FACTORY_RESULT"
        """#

    @Test func `no agent, no check and no later session finds anything of a holdout`() async throws {
        let world = try await Breakout.world(
            agent: Self.agent, configuration: "keep: [cache]", check: "bash tools/search.sh",
            files: ["tools/search.sh": Self.search, ".gitignore": "cache/\nstolen/\n"])
        let file = world.base.path + "/accept.sh"
        try Files.write(
            "# \(Self.marker)\nbash lib/app.sh\nbash tools/search.sh\necho \(Self.marker)\ntest -e lib/second\n",
            to: file)
        try await world.factory(["holdout", "add", "1", "--run", "bash $FACTORY_HOLDOUT/accept.sh", "--file", file])
        try Files.remove(file)
        #expect(try await world.run() == 0)
        try expectSilence(
            world, of: 1,
            ["plan-1", "plan-review-1", "implementation-1", "code-review-1", "implementation-2", "code-review-2"],
            checks: ["implementation-ci-1", "implementation-ci-2"])
        // That the search does find it where it is to be seen.
        let seen = try #require(try world.left("holdouts/H1.log", in: "merge-1"))
        #expect(seen.contains("FOUND file") && seen.contains("FOUND variable"), "\(seen)")
        let spec = Play.spec(2)
        try world.place(spec.text, at: spec.path)
        try await world.factory("submit", spec.path)
        #expect(try await world.run() == 0)
        try expectSilence(
            world, of: 2, ["plan-1", "plan-review-1", "implementation-1", "code-review-1"],
            checks: ["implementation-ci-1"])
        #expect(Breakout.running("sleep\u{0}27183") == [])
        let lanes = try await world.ask("grep", ["-rl", Self.marker, world.home + "/lanes", world.home + "/holdouts"])
        #expect(lanes.output == "")
        let objects = try await world.ask(
            "sh", ["-c", "git --git-dir=\(world.hub) cat-file --batch-all-objects --batch | grep -a -c \(Self.marker)"])
        #expect(objects.output == "0\n")
        await world.dismissAll()
    }

    private func expectSilence(
        _ world: World, of number: Int, _ sessions: [String], checks: [String],
        _ place: SourceLocation = #_sourceLocation
    ) throws {
        let places = sessions.map { ($0, "transcript.log") } + checks.map { ($0, "test.log") }
        for (session, name) in places {
            let told = try world.left(name, in: session, of: number) ?? ""
            #expect(told.contains("searched"), "\(number) \(session)", sourceLocation: place)
            #expect(!told.contains("FOUND"), "\(number) \(session): \(told)", sourceLocation: place)
        }
        for session in sessions {
            let prompt = try world.left("prompt.md", in: session, of: number) ?? ""
            #expect(!prompt.contains(Self.marker) && !prompt.contains("accept.sh"), sourceLocation: place)
        }
    }
}
