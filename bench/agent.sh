#!/bin/sh
# An agent that takes no time: it writes what its stage asks for with nothing but the shell's own commands.
number=${FACTORY_SPEC##*/}
number=${number%%-*}
case $FACTORY_ROLE in
planner)
    printf '# Plan %s\n\n1. Write the file (D1).\n' "$number" > "$FACTORY_PLAN"
    printf '{"status":"done","summary":"planned"}\n' > "$FACTORY_RESULT"
    ;;
implementer)
    printf 'made by %s\n' "$number" > "made-$number.txt"
    printf '{"status":"done","summary":"made"}\n' > "$FACTORY_RESULT"
    ;;
*)
    printf '{"decision":"APPROVE","summary":"fine","findings":[],"criteria":[{"id":"D1","met":true,"evidence":"made-%s.txt"}]}\n' \
        "$number" > "$FACTORY_RESULT"
    ;;
esac
