import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Files with odd names and contents` {
    /// Makes, in the directory `odd`, whatever a file system allows. It is sh, for an agent and for us.
    private static let odd = #"""
        mkdir -p odd/-dir "odd/a dir"
        nl=$(printf 'new\nline') latin=$(printf 'caf\351.txt') tab=$(printf 'a\ttab')
        for name in 'a b.txt' "quo'te\".txt" "$nl.txt" "$latin" "$tab" -rf --help.txt 'back\slash' '$(x)`y`' '*?[a]' \
            ' ' 'trailing ' "a dir/é.txt" '-dir/x' '#hash' '!bang' ':(top)x' '@{u}' $(printf 'a%.0s' $(seq 255)); do
            printf 'content of %s\n' "$name" > "odd/$name"
        done
        printf 'caf\351 na\357ve\n\377\376 end' > odd/latin1.txt
        printf 'one\r\ntwo\r\nthree' > odd/crlf.txt
        printf '\357\273\277mark\n' > odd/bom.txt
        : > odd/empty
        printf 'no end of line' > odd/open.txt
        printf '#!/bin/sh\n' > odd/run.sh; chmod 755 odd/run.sh
        ln -s 'a b.txt' odd/link
        """#

    /// Compares `odd` on the hub's main branch with the one that was made, byte for byte, modes included.
    private static func expectSame(_ world: World, as made: String) async throws {
        try await world.shell(
            """
            rm -rf ../landed; mkdir ../landed
            git --git-dir='\(world.hub)' archive main odd | tar -x -C ../landed
            """)
        let difference = try await world.ask("diff", ["-r", "--no-dereference", "../landed/odd", made])
        #expect(difference.code == 0, "\(difference.output)\(difference.errors)")
        let list = "find . -type f -perm -100 | sort"
        #expect(try await world.shell(list, in: "\(world.scratch)/landed/odd") == "./run.sh\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what an implementer makes lands byte for byte, and comes back with a pull`() async throws {
        let world = try await World.play([
            "implementer": "\(Self.odd)\ncp -a odd \"$TORTURE/made\"; implement; finish"
        ])
        try await world.expectLanding()
        try await Self.expectSame(world, as: world.control + "/made")
        #expect(try world.starts().count == 4)
        try await world.git("pull", "-q", "factory", "main")
        let here = try await world.ask("diff", ["-r", "--no-dereference", "odd", world.control + "/made"])
        #expect(here.code == 0, "\(here.output)")
        #expect(try await world.factory("show", "1").contains("Play 1"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what the repository has already is shown, changed and removed like anything else`() async throws {
        let change = #"""
            test "$(cat odd/-rf)" = 'content of -rf'
            printf 'more\351\n' >> "odd/$(printf 'caf\351.txt')"
            rm -- odd/-rf "odd/$(printf 'new\nline').txt"; mv 'odd/a dir' 'odd/another dir'
            cp -a odd "$TORTURE/made"; implement; finish
            """#
        let world = try await World.play(["implementer": change], specs: [])
        try await world.shell(Self.odd + "\ngit add odd; git commit -q -m 'Odd files'; git push -q factory main")
        try await world.submitPlay()
        try await world.expectLanding()
        try await Self.expectSame(world, as: world.control + "/made")
        #expect(try world.starts().count == 4)
        #expect(try world.prompt(.codeReview).contains("+more"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `init finds its way in a repository of odd files`() async throws {
        let world = try await World.repository()
        try await world.shell(Self.odd + "\ngit add odd; git commit -q -m 'Odd files'")
        try await world.factory("init", "--agent", "sh tools/agent.sh", "--at", world.home)
        try await world.git("push", "-q", "factory", "main")
        #expect(try await world.git("rev-parse", "main", in: world.hub) == world.git("rev-parse", "main"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `an odd name that parks is shown so that it can be told`() async throws {
        let act = #"d=$(printf 'x\n\033[31m\351'); mkdir -p ".github/$d"; echo x > ".github/$d/y"; implement; finish"#
        let world = try await World.play(["implementer": act])
        #expect(try await world.expectParking().rule == "protected-path")
        let why = try await world.why()
        #expect(why.contains(#".github/x\x0a\x1b[31m\xe9/y is in the dot-directory .github"#), "\(why)")
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `names that differ by case only are parked, and all of them are saved`() async throws {
        let world = try await World.play(["implementer": "implement; echo a > lib/Same; echo b > lib/sAME; finish"])
        let reason = try await world.expectParking()
        #expect(reason.rule == "unsupported-content")
        #expect(try await world.why().contains("lib/Same and lib/sAME differ by case only: rename one"))
        #expect(try await world.saved("lib/Same") == "a\n")
        #expect(try await world.saved("lib/sAME") == "b\n")
        #expect(try await world.saved("lib/1.txt") == "done\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spec or plan that is no UTF-8 is refused or carried, never mangled`() async throws {
        let world = try await World.play(["planner": "plan; printf 'caf\\351\\n' >> $FACTORY_PLAN; finish"])
        try await world.expectLanding()
        let plan = try await world.shell(
            "git --git-dir='\(world.hub)' show 'main:\(Play.plan(1))' | tail -c 5 | od -An -tx1")
        #expect(plan.contains("63 61 66 e9 0a"), "\(plan)")
        let spec = Array(Play.spec(2).text.utf8) + [0xE9]
        try Files.write(spec, to: "\(world.app)/\(Play.path(2))")
        try await world.expectRefusal(["submit", Play.path(2)], "is no UTF-8; save the file as UTF-8")
    }
}
