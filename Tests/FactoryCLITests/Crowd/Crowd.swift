import FactoryCore
import FactoryTestSupport

/// Many specs, each with a part that the seed has given it, and what each part costs.
struct Crowd {
    /// What a spec's agents do.
    enum Part: Hashable {
        case plain
        /// Changes a line that others change as well, and its plan says so.
        case declared
        /// Likewise with one other, and neither plan says so.
        case hidden(pair: Int)
        /// Its first work is red.
        case redOnce
        /// All its work is red: it parks.
        case redAlways
        /// Green alone, red together with the other, until one of the two mends it.
        case together(pair: Int)

        /// The words that the agent reads.
        var words: String {
            switch self {
            case .plain: "plain"
            case .declared: "declared"
            case .hidden(let pair): "hidden \(pair)"
            case .redOnce: "red-once"
            case .redAlways: "red-always"
            case .together(let pair): "together \(pair)"
            }
        }
    }

    /// Agents that a PR starts: planners, plan reviewers, implementers, code reviewers.
    struct Starts: Hashable, CustomStringConvertible {
        var roles: [Role: Int]
        init(_ implementers: Int, _ codeReviewers: Int) {
            roles = [.planner: 1, .planReviewer: 1, .implementer: implementers, .codeReviewer: codeReviewers]
        }
        init(roles: [Role: Int]) { self.roles = roles }
        var description: String { Role.allCases.map { "\(roles[$0] ?? 0)" }.joined(separator: "/") }
    }

    let parts: [Int: Part]

    var numbers: [Int] { parts.keys.sorted() }

    /// A tenth meet in one line, a tenth is red.
    init(_ count: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var parts = Dictionary(uniqueKeysWithValues: (1...count).map { ($0, Part.plain) })
        /// Gives a part to so many neighbours, who will be on the line together.
        func give(_ part: Part, to size: Int = 1) {
            let places = (1...(count - size + 1)).filter { place in
                (place..<(place + size)).allSatisfy { parts[$0] == .plain }
            }
            let place = random.pick(places)
            for number in place..<(place + size) { parts[number] = part }
        }
        for pair in 0..<max(1, count / 40) { give(.hidden(pair: pair), to: 2) }
        for pair in 0..<max(1, count / 100) { give(.together(pair: pair), to: 2) }
        for _ in 0..<max(1, count / 40) { give(.declared, to: 2) }
        for _ in 0..<max(1, count / 20) { give(.redOnce) }
        for _ in 0..<max(1, count / 20) { give(.redAlways) }
        self.parts = parts
    }

    /// What a PR may start. Those of a pair depend on who landed first: the first of them has no trouble, the second has
    /// to join the two, before its review or after it. One at a time nobody is ever surprised at landing.
    func due(_ number: Int, concurrency: Int, isFirst: Bool) -> Set<Starts> {
        switch parts[number] {
        case .plain, .declared, nil: [Starts(1, 1)]
        case .redOnce: [Starts(2, 1)]
        case .redAlways: [Starts(3, 0)]
        case .hidden: isFirst || concurrency == 1 ? [Starts(1, 1)] : [Starts(1, 1), Starts(2, 2)]
        case .together: isFirst ? [Starts(1, 1)] : concurrency == 1 ? [Starts(2, 1)] : [Starts(2, 1), Starts(2, 2)]
        }
    }

    static let agent = #"""
        #!/bin/sh
        set -eu
        n=$FACTORY_PR
        echo "$n $FACTORY_ROLE" >> "$TORTURE/starts"
        read -r part pair < "$TORTURE/parts/$n" || true
        case $FACTORY_ROLE in
        planner)
            echo "Write \`lib/$n.txt\`." > "$FACTORY_PLAN"
            [ "$part" != declared ] || echo "Change \`lib/shared.txt\` as well, and README.md." >> "$FACTORY_PLAN"
            ;;
        implementer)
            state=done
            case $part in
            red-once) [ "$FACTORY_ATTEMPT" -gt 1 ] || state=broken ;;
            red-always) state="broken $FACTORY_ATTEMPT" ;;
            declared) echo "$n" > lib/shared.txt ;;
            hidden) echo "$n" > "lib/pair-$pair.txt" ;;
            together)
                echo "$n" > "lib/together-$pair-$n.txt"
                [ "$FACTORY_ATTEMPT" = 1 ] || echo "$n" > "lib/mended-$pair.txt"
                ;;
            esac
            echo "$state" > "lib/$n.txt"
            ;;
        *)
            printf '{"decision":"APPROVE","summary":"good","criteria":[{"id":"D1","met":true,"evidence":"seen"}]}' \
                > "$FACTORY_RESULT"
            exit
            ;;
        esac
        printf '{"status":"done","summary":"played"}' > "$FACTORY_RESULT"
        """#

    /// One tree in twenty is answered wrongly when it is asked about for the first time, unless all are to be calm. What
    /// was green is noted, by a sum over its files.
    static let check = #"""
        #!/bin/sh
        if [ -z "${CALM:-}" ]; then
            sum=$(ls lib | cksum); sum=${sum% *}
            if [ $((sum % 20)) = 0 ] && mkdir "$TORTURE/flakes/$sum" 2> /dev/null; then echo unlucky; exit 1; fi
        fi
        if grep -rq -e broken -e '^<<<<<<<' lib; then echo broken; exit 1; fi
        for file in lib/together-*.txt; do
            [ -e "$file" ] || continue
            pair=${file#lib/together-}; pair=${pair%-*}
            set -- "lib/together-$pair"-*.txt
            if [ $# -gt 1 ] && [ ! -e "lib/mended-$pair.txt" ]; then echo "together: $*"; exit 1; fi
        done
        (ls lib; cat lib/*) | cksum >> "$TORTURE/${SUMS:-tested}"
        """#

    static func spec(_ number: Int) -> String {
        """
        # Crowd \(number)

        ## Problem

        The file lib/\(number).txt is missing.

        ## Reproduce

        `ls lib`

        ## Done

        - lib/\(number).txt is there.

        ## Context

        None.

        """
    }

    static func path(_ number: Int) -> String {
        let digits = String(number)
        return "specs/" + String(repeating: "0", count: 4 - digits.count) + digits + "-crowd.md"
    }

    static func configuration(concurrency: Int) -> String {
        """
        version: 1
        concurrency: \(concurrency)
        agents:
          default: { command: [sh, tools/agent.sh], env: [TORTURE] }
        checks:
          - { name: test, run: sh tools/check.sh, env: [TORTURE] }
        sandbox: { kind: none }
        budget: { night: {}, spec: {}, stage: {} }

        """
    }
}
