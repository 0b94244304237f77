#!/bin/sh
# The bare git work of a spec, and nothing else: what the line is measured beside. No agent, no state, no record.
#
#   floor.sh make  DIR FILES        a bare repository DIR/main.git with FILES small files
#   floor.sh run   BARE WT N JOBS   takes N specs through, JOBS at a time, with worktrees in WT
#   floor.sh check BARE N           ends with 1 unless main has N squashed specs and nothing is left over
#
# A spec is: a branch with a worktree, three commits (spec, plan, implementation), an external `true` for the checks, a
# squash that is built without a worktree, a compare-and-swap of main, and tidying up.
#
# BASELINE_MODE=fresh (the default)  a worktree for each spec: 13 git processes
# BASELINE_MODE=pool                 a worktree for each job, cleaned between specs: 14, and one for each job
# BASELINE_FSYNC=1                   commits and refs are synced to the disk
set -eu

for who in AUTHOR COMMITTER; do
    export "GIT_${who}_NAME=floor" "GIT_${who}_EMAIL=floor@example.invalid"
done
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_TERMINAL_PROMPT=0
if [ "${BASELINE_FSYNC:-}" = 1 ]; then
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsync GIT_CONFIG_VALUE_0=committed,reference
fi

usage() { sed -n '2,15s/^# \{0,1\}//p' "$0" >&2; exit 64; }
fail() { printf 'floor: %s\n' "$1" >&2; exit 1; }
absolute() { (cd "$1" && pwd); }

# A shell may have a `true` of its own; the checks of a spec are a process.
checks=/bin/true
[ -x "$checks" ] || checks=/usr/bin/true

make_repository() { # DIR FILES
    tree=$1/tree
    mkdir -p "$tree"
    number=0
    while [ "$number" -lt "$2" ]; do
        # A hundred files to a folder.
        [ $((number % 100)) -ne 0 ] || mkdir -p "$tree/src/$((number / 100))"
        printf 'file %d\nsecond line\nthird line\n' "$number" > "$tree/src/$((number / 100))/f$number.txt"
        number=$((number + 1))
    done
    git init -q -b main "$tree"
    git -C "$tree" add -A
    git -C "$tree" commit -q -m start
    git clone -q --bare "$tree" "$1/main.git"
    git -C "$1/main.git" repack -a -d -q
    rm -rf "$tree"
}

# steadily COMMAND…: worktrees that are made at the same moment can disturb each other in git 2.39; once more helps.
steadily() {
    for _ in 1 2 3 4 5 6 7 8 9; do
        "$@" 2> /dev/null && return 0
    done
    "$@"
}

commit_file() { # WORKTREE PATH MESSAGE, the content on standard input
    cat_into "$1/$2"
    git -C "$1" add "$2"
    git -C "$1" commit -q -m "$3"
}

# cat without a process.
cat_into() {
    while IFS= read -r line; do printf '%s\n' "$line"; done > "$1"
}

three_commits() { # WORKTREE SPEC
    mkdir -p "$1/specs/$2"
    commit_file "$1" "specs/$2/spec.md" "spec $2" <<TEXT
# Spec $2

Add a file.
TEXT
    commit_file "$1" "specs/$2/plan.md" "plan $2" <<TEXT
# Plan $2

1. Write the file.
TEXT
    commit_file "$1" "made-$2.txt" "implement $2" <<TEXT
made by $2
TEXT
}

squash() { # BARE SPEC: again when another job has moved main
    while :; do
        tip=$(git -C "$1" rev-parse refs/heads/main)
        tree=$(git -C "$1" merge-tree --write-tree "$tip" "refs/heads/spec-$2")
        commit=$(git -C "$1" commit-tree -p "$tip" -m "spec $2 (squashed)" "$tree")
        git -C "$1" update-ref refs/heads/main "$commit" "$tip" 2> /dev/null && return
    done
}

# tip BARE: main's commit, read once and without a process. git 2.39 resolves a name twice, for the files and for the new
# branch; when another job lands in between, the branch would take back what has landed.
tip() {
    { read -r commit < "$1/refs/heads/main"; } 2> /dev/null || commit=main
    printf '%s' "$commit"
}

spec_fresh() { # BARE WT SPEC JOB
    steadily git -C "$1" worktree add -q -B "spec-$3" "$2/$3" "$(tip "$1")"
    three_commits "$2/$3" "$3"
    (cd "$2/$3" && "$checks")
    squash "$1" "$3"
    steadily git -C "$1" worktree remove --force "$2/$3"
    git -C "$1" update-ref -d "refs/heads/spec-$3"
}

spec_pool() { # BARE WT SPEC JOB
    lane=$2/lane$4
    if [ -d "$lane" ]; then
        # By force: what a failed attempt has left in the index would be committed with the spec.
        steadily git -C "$lane" checkout -q -f -B "spec-$3" "$(tip "$1")"
    else
        steadily git -C "$1" worktree add -q -B "spec-$3" "$lane" "$(tip "$1")"
    fi
    three_commits "$lane" "$3"
    (cd "$lane" && "$checks")
    squash "$1" "$3"
    git -C "$lane" checkout -q --detach main
    git -C "$lane" clean -q -ffdx
    git -C "$1" update-ref -d "refs/heads/spec-$3"
}

job() { # BARE WT N JOBS JOB: every JOBS-th spec from JOB on
    spec=$5
    while [ "$spec" -le "$3" ]; do
        "spec_$mode" "$1" "$2" "$spec" "$5"
        spec=$((spec + $4))
    done
    [ ! -d "$2/lane$5" ] || steadily git -C "$1" worktree remove --force "$2/lane$5"
}

run() { # BARE WT N JOBS
    mkdir -p "$2"
    set -- "$(absolute "$1")" "$(absolute "$2")" "$3" "$4"
    if [ "$4" -eq 1 ]; then job "$@" 1; return; fi
    jobs='' number=1
    while [ "$number" -le "$4" ]; do
        job "$@" "$number" &
        jobs="$jobs $!" number=$((number + 1))
    done
    for one in $jobs; do wait "$one" || fail 'a job failed'; done
}

check() { # BARE N
    squashed=$(git -C "$1" log --format=%s main | grep -c '(squashed)$' || :)
    branches=$(git -C "$1" for-each-ref refs/heads | wc -l)
    worktrees=$(git -C "$1" worktree list | wc -l)
    [ "$squashed" -eq "$2" ] && [ "$branches" -eq 1 ] && [ "$worktrees" -eq 1 ] ||
        fail "$squashed squashed specs (should be $2), $branches branches and $worktrees worktrees (should be 1)"
}

mode=${BASELINE_MODE:-fresh}
case $mode in fresh | pool) ;; *) usage ;; esac
case ${1:-}:$# in
make:3) make_repository "$2" "$3" ;;
run:5) run "$2" "$3" "$4" "$5" ;;
check:3) check "$2" "$3" ;;
*) usage ;;
esac
