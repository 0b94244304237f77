/// The texts of the repository that is tortured: a scripted agent, a check, four specs.
///
/// Where a file `hold-<pr>-<role>` stands in the directory named by `TORTURE`, the next such agent renames it to `held`,
/// writes `at-<pr>-<role>` and waits until the renamed file goes, with a child in a session of its own. `hold-check` does
/// the same for the check.
enum Scenery {
    static let agent = #"""
        #!/bin/sh
        set -eu
        n=$FACTORY_PR

        hold() {
            mv "$TORTURE/hold-$1" "$TORTURE/held-$1" 2> /dev/null || return 0
            [ ! -e "$TORTURE/stubborn" ] || trap '' TERM INT
            case $FACTORY_ROLE in planner | implementer) echo "$1" > unfinished.txt ;; esac
            setsid sleep 1000 &
            echo $$ > "$TORTURE/at-$1"
            while [ -e "$TORTURE/held-$1" ]; do sleep 0.02; done
            rm -f unfinished.txt
        }

        result() { printf '%s' "$1" > "$FACTORY_RESULT"; }
        verdict() {
            result "{\"decision\":\"$1\",\"summary\":\"$2\",\"criteria\":[{\"id\":\"D1\",\"met\":true,\"evidence\":\"seen\"}]$3}"
        }
        send_back() {
            verdict REQUEST_CHANGES "$1" ",\"findings\":[{\"code\":\"no\",\"severity\":\"error\",\"message\":\"$1\"}]"
        }
        has() { [ -e "$1" ] && grep -q "$2" "$1"; }

        plan() {
            if [ "$n" = 2 ] && [ ! -e "$FACTORY_PLAN" ]; then echo naive > "$FACTORY_PLAN"; else
                printf '# Plan\n\n1. Write lib/%s.txt (D1).\n' "$n" > "$FACTORY_PLAN"; fi
        }
        implement() {
            if has lib/shared.txt '^<<<<<<< '; then printf 'person\nline\n' > lib/shared.txt; return; fi
            case $n in
            1) echo done > lib/1.txt; [ ! -e "$TORTURE/share" ] || echo line > lib/shared.txt ;;
            2) if has lib/2.txt draft; then echo done > lib/2.txt
               elif has lib/2.txt broken; then echo draft > lib/2.txt
               else echo broken > lib/2.txt; fi ;;
            3) has lib/2.txt done || exit 1; echo done > lib/3.txt ;;
            4) mkdir -p .github/workflows; echo 'on: never' > .github/workflows/ci.yml; echo done > lib/4.txt ;;
            *) echo done > "lib/$n.txt" ;;
            esac
        }

        hold "$n-$FACTORY_ROLE"
        case $FACTORY_ROLE in
        planner) plan; result '{"status":"done","summary":"planned"}' ;;
        implementer) implement; result '{"status":"done","summary":"implemented"}' ;;
        plan-reviewer) if has "$FACTORY_PLAN" naive; then send_back naive; else verdict APPROVE covered ''; fi ;;
        code-reviewer) if has lib/2.txt draft; then send_back draft; else verdict APPROVE good ''; fi ;;
        esac
        """#

    static let check = #"""
        #!/bin/sh
        if mv "$TORTURE/hold-check" "$TORTURE/held-check" 2> /dev/null; then
            setsid sleep 1000 &
            echo $$ > "$TORTURE/at-check"
            while [ -e "$TORTURE/held-check" ]; do sleep 0.02; done
        fi
        ! grep -rq -e broken -e '^<<<<<<<' lib
        """#

    static func configuration(concurrency: Int) -> String {
        """
        version: 1
        concurrency: \(concurrency)
        agents:
          default: { command: [sh, tools/agent.sh], env: [TORTURE] }
        checks:
          - { name: test, run: sh tools/check.sh, env: [TORTURE] }
        sandbox: { kind: none }
        budget: { night: { usd: 100000, minutes: 100000 }, spec: { usd: 100000, minutes: 100000 } }

        """
    }

    static let exampleConfiguration = """
        version: 1
        agents:
          default: { command: [python3, tools/agent.py] }
        checks:
          - { name: test, run: python3 -m unittest }
        sandbox: { kind: none }

        """

    static let names = ["0001-straight", "0002-winding", "0003-after", "0004-forbidden"]

    static func spec(_ number: Int) -> String {
        """
        ---
        depends-on: [\(number == 3 ? "2" : "")]
        ---
        # Spec \(number)

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
}
