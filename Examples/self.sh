#!/bin/sh
# Takes a spec of this very project through the line, with the project's own Swift tests as the check. Takes minutes:
# the check builds everything from nothing.
#
#   self.sh FACTORY          FACTORY is the built program
#
# FACTORY_SELF_DIR=DIR     where to work: a new or empty directory; the default is a new temporary one, kept
# FACTORY_SELF_CHECK       the check's command; the default builds and runs all Swift tests
set -eu

[ $# -eq 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
factory=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
examples=$(cd "$(dirname "$0")" && pwd)
project=$(git -C "$examples" rev-parse --show-toplevel)
check=${FACTORY_SELF_CHECK:-swift build --build-tests && swift test --skip-build}
dir=${FACTORY_SELF_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/factory-self.XXXXXX")}
mkdir -p "$dir"

git clone -q --no-hardlinks "$project" "$dir/project"
cd "$dir/project"
git checkout -q -B main
git remote remove origin
git config user.name 'Ada Example'
git config user.email ada@example.invalid
"$factory" init --at "$dir/factory" --agent 'sh Examples/self/agent.sh' > "$dir/init.log"
cat > .factory/config.yml <<YAML
version: 1
agents:
  default: { command: [sh, Examples/self/agent.sh] }
checks:
  - { name: test, run: "$check", timeout: 80m }
# The tests make sandboxes and mounts of their own, which do not nest in another one.
sandbox: { kind: none }
YAML
git add -A
git commit -q -m 'Work with a factory'
git push -q factory main
mkdir -p specs
cp "$examples/self/0001-globs-below-a-directory.md" specs/
"$factory" submit specs/0001-globs-below-a-directory.md
"$factory" run
"$factory" report
git pull -q --ff-only factory main
test -f Tests/FactoryCoreTests/Values/GlobBelowDirectoryTests.swift
"$factory" verify
echo "The line took a spec of its own through its own tests: $dir"
