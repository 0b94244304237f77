#!/bin/sh
# Installs agent programs for `make test-agents`: each at the version that its profile was written for, in a virtual
# environment of its own below DIRECTORY. What is there already stays.
#
#   agents.sh DIRECTORY
#
# A program that cannot be installed here is left out with a word why; its tests say that they are skipped.
set -eu

[ $# -eq 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64; }
directory=$1
mkdir -p "$directory"

# install NAME PYTHON PACKAGE…
install() {
    name=$1 python=$2
    shift 2
    [ ! -e "$directory/$name/installed" ] || return 0
    echo "installing $*"
    "$python" -m venv "$directory/$name"
    if "$directory/$name/bin/pip" --quiet --disable-pip-version-check install "$@"; then
        : > "$directory/$name/installed"
    else
        echo "skipped: $name cannot be installed"
    fi
}

# The first of the commands that is a Python of at least version 3.12; kimi wants one.
newer_python() {
    for candidate in python3.14 python3.13 python3.12 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2> /dev/null; then
            echo "$candidate"
            return
        fi
    done
}

install codex python3 openai-codex-cli-bin==0.163.0
install mini python3 mini-swe-agent==2.4.6 mcp
python=$(newer_python)
if [ -n "$python" ]; then
    install kimi "$python" kimi-cli==1.51.0
else
    echo "skipped: kimi needs Python 3.12 or newer, and there is none"
fi
