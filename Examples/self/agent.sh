#!/bin/sh
# A scripted agent for one spec of this very project, behind the command contract.
set -eu
grep -q 'infra/\*\*' "$FACTORY_PROMPT" || { echo "the prompt lacks the spec" >&2; exit 1; }
test=Tests/FactoryCoreTests/Values/GlobBelowDirectoryTests.swift
verdict() {
    printf '{"decision":"APPROVE","summary":"Both cases are named.","findings":[],"criteria":[%s,%s]}\n' \
        "{\"id\":\"D1\",\"met\":true,\"evidence\":\"$test\"}" "{\"id\":\"D2\",\"met\":true,\"evidence\":\"$test\"}" \
        > "$FACTORY_RESULT"
}
case $FACTORY_ROLE in
planner)
    printf '# Plan\n\n1. Add `%s` with one test for each item (D1, D2).\n' "$test" > "$FACTORY_PLAN"
    printf '{"status":"done","summary":"One new test file."}\n' > "$FACTORY_RESULT" ;;
implementer)
    cat > "$test" <<'SWIFT'
import FactoryCore
import Testing

struct GlobBelowDirectoryTests {
    @Test(arguments: ["infra/a", "infra/a/b/c"]) func `a pattern below a directory covers every depth`(path: String) {
        #expect(Glob("infra/**").matches(RepoPath(path)))
    }

    @Test(arguments: ["infra", "infrastructure/a"]) func `and leaves its neighbours alone`(path: String) {
        #expect(!Glob("infra/**").matches(RepoPath(path)))
    }
}
SWIFT
    printf '{"status":"done","summary":"Two tests for patterns below a directory."}\n' > "$FACTORY_RESULT" ;;
plan-reviewer) verdict ;;
code-reviewer)
    grep -q "+++ b/$test" "$FACTORY_PROMPT" || { echo "the prompt lacks the diff" >&2; exit 1; }
    verdict ;;
esac
