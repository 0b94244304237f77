#!/bin/sh
# Takes four specs of a small program through the line, with a scripted agent in place of a model.
#
#   demo.sh FACTORY          FACTORY is the built program
#
# FACTORY_DEMO_DIR=DIR     where to work: a new or empty directory; the default is a new temporary one. It is kept.
# FACTORY_DEMO_SANDBOX     auto (the default) or none
#
# Three specs land, the fourth is parked, so `factory run` ends with 3. Anything else fails the demo.
set -eu

[ $# -eq 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
factory=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
examples=$(cd "$(dirname "$0")" && pwd)
sandbox=${FACTORY_DEMO_SANDBOX:-auto}

# The user's own git settings (signing, hooks, templates) have no say here.
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM

heading() { printf '\n== %s\n' "$1"; }
fail() { printf 'demo: %s\n' "$1" >&2; exit 1; }
# shown COMMAND…: prints a command of ours as a person would type it, then runs it.
shown() { printf '$ factory %s\n' "$*"; "$factory" "$@"; }

work_directory() {
    dir=${FACTORY_DEMO_DIR:-}
    [ -n "$dir" ] || { mktemp -d "${TMPDIR:-/tmp}/factory-demo.XXXXXX"; return; }
    mkdir -p "$dir"
    [ -z "$(ls -A "$dir")" ] || fail "$dir is not empty"
    (cd "$dir" && pwd)
}

make_repository() {
    cp -R "$examples/ledger" "$repository"
    mkdir "$repository/tools"
    cp "$examples/agents/agent.py" "$repository/tools/agent.py"
    cd "$repository"
    find . -name __pycache__ -prune -exec rm -rf {} +
    git init -q -b main
    git config user.name 'Ada Example'
    git config user.email ada@example.invalid
    git add -A
    git commit -q -m 'A ledger'
}

configure() {
    cat > .factory/config.yml <<YAML
version: 1
agents:
  default: { command: [python3, tools/agent.py] }
checks:
  - { name: test, run: python3 -m unittest }
sandbox: { kind: $sandbox }
YAML
}

# landed: the PR of each squash commit on the hub's main branch, oldest first.
landed() {
    git --git-dir="$hub" log --reverse --format='%(trailers:key=Factory-PR,valueonly,separator=%x2C)' main |
        tr -cd '0-9\n' | grep . | tr '\n' ' '
}

verify() {
    [ "$(landed)" = '1 2 3 ' ] || fail "PRs 1, 2 and 3 should be on main once each, not: $(landed)"
    "$factory" show 4 | grep -q needs-attention || fail 'PR 4 should be parked'
    git --git-dir="$hub" show main:.github/workflows/ci.yml | cmp -s - "$examples/ledger/.github/workflows/ci.yml" ||
        fail 'the CI file on main has changed'
    git pull -q --ff-only factory main || fail 'the results cannot be pulled'
    python3 -m unittest 2>&1 | tail -n 1 | grep -q '^OK' || fail 'the tests are red on the main branch'
}

directory=$(work_directory)
repository=$directory/ledger

heading 'A repository, and a factory beside it'
make_repository
shown init --at "$directory/factory"
hub=$(git remote get-url factory)
git status --short
configure
git add -A
git commit -q -m 'Work with a factory'
git push -q factory main
cat .factory/config.yml

heading 'Four specs, queued'
mkdir -p specs
cp "$examples"/specs/000*.md specs/
shown submit specs/000*.md

heading 'The line at work'
code=0
shown run || code=$?
[ "$code" -eq 3 ] || fail "factory run should end with 3 (one spec needs a person), not with $code"

heading 'The report'
code=0
shown report || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "factory report ended with $code"

heading 'What is on the main branch now'
git --git-dir="$hub" log --format='%h %s' main
verify

heading 'Look around'
cat <<TEXT
cd $repository
git --git-dir=$hub log main                # what landed, with the certificates' trailers
$factory show 2      # sent back by the plan review, by red checks and by the code review, then landed
$factory why 4       # why the line stopped a change that its agents were content with

The demo is as it should be: three specs landed, one is parked.
TEXT
