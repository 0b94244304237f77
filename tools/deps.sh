#!/bin/sh
# Installs what the build needs and the machine lacks, and nothing else: from apt on Debian and Ubuntu, from brew on macOS.
#
#   deps.sh            says what it installs, and asks before it uses sudo
#
# When nothing is missing it says nothing and takes a few milliseconds.
set -eu

# Each line: the test that finds it, the apt package, the brew formula; - where there is none.
needed() {
    cat <<'TABLE'
program git         git             git
program python3     python3         python3
program pkg-config  pkg-config      pkgconf
program bwrap       bubblewrap      -
program openssl     openssl         openssl
library libgit2     libgit2-dev     libgit2
library yaml-0.1    libyaml-dev     libyaml
library libcrypto   libssl-dev      openssl@3
library zlib        zlib1g-dev      zlib
TABLE
}

is_there() { # KIND NAME
    case $1 in
    program) command -v "$2" > /dev/null ;;
    library) pkg-config --exists "$2" 2> /dev/null ;;
    esac
}

missing() { # apt|brew: the packages whose test fails
    needed | while read -r kind name apt brew; do
        is_there "$kind" "$name" && continue
        case $1 in apt) echo "$apt" ;; brew) [ "$brew" = - ] || echo "$brew" ;; esac
    done | tr '\n' ' '
}

fail() { printf 'deps: %s\n' "$1" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Without root: ask a person at a terminal; without a terminal, go on only where sudo needs no password.
allowed() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo > /dev/null || return 1
    [ -t 0 ] || { sudo -n true 2> /dev/null; return; }
    printf 'Install %swith sudo apt-get? [y/N] ' "$1" >&2
    read -r answer
    case $answer in y | Y | yes) return 0 ;; *) return 1 ;; esac
}

with_apt() {
    packages=$(missing apt)
    [ -n "$packages" ] || return 0
    allowed "$packages" || fail "these packages are missing; install them with: sudo apt-get install $packages"
    printf 'Installing %s\n' "$packages" >&2
    as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages > /dev/null
}

with_brew() {
    packages=$(missing brew)
    [ -n "$packages" ] || return 0
    printf 'Installing %s\n' "$packages" >&2
    # shellcheck disable=SC2086 # a list of words
    brew install $packages
}

command -v swift > /dev/null || fail 'there is no Swift toolchain: install Swift 6.2 or later, see https://www.swift.org/install'
if command -v apt-get > /dev/null; then with_apt
elif command -v brew > /dev/null; then with_brew
elif [ -n "$(missing apt)" ]; then fail "neither apt-get nor brew is here; install by hand: $(missing apt)"
fi
