/// What a hostile program tries, in bash: each attempt prints `held NAME`, or `ESCAPED NAME` with what it got.
///
/// Words in `@` are replaced by the places of one world.
enum Attempts {
    static let script = #"""
        #!/bin/bash
        try() {
            if got=$(timeout 10 bash -c "$2" "$0" 2>&1); then echo "ESCAPED $1: $got"; else echo "held $1"; fi
        }
        through_proxy() {
            echo "exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT $1 HTTP/1.1\r\n\r\n' >&3; read -r a <&3; [[ \$a == *' 200 '* ]]"
        }
        unix() {
            echo "perl -MSocket -e 'socket(my \$s, AF_UNIX, SOCK_STREAM, 0); exit !connect(\$s, pack_sockaddr_un(\"$1\"))'"
        }

        # What ought to work.
        fine() { if got=$(timeout 10 bash -c "$2" 2>&1); then echo "fine $1"; else echo "BROKEN $1: $got"; fi; }
        fine clean-git '[ ! -e .git/hooks/post-checkout ] && ! git config core.fsmonitor && ! git config core.hooksPath'
        fine history 'git log -1 --format=%s main && git status --porcelain && git diff --stat main...HEAD'
        try read-keys 'cat @HOME@/.ssh/id_ed25519'
        try list-home 'ls -A @HOME@ | grep -x .ssh'
        try read-lane 'cat @FACTORY@/lanes/99/tree/secret'
        try list-lanes 'ls @FACTORY@/lanes | grep -v -x -e "[0-9]" -e history.git'
        try read-hub 'git --git-dir=@FACTORY@/hub.git log --all'
        try list-hub 'ls @FACTORY@/hub.git'
        try read-journal 'git --git-dir=@FACTORY@/journal.git log --all'
        try list-journal 'ls @FACTORY@/journal.git'
        try read-holdout 'cat @FACTORY@/holdout/secret'
        try list-locks 'ls @FACTORY@/locks'
        try list-sessions 'ls @FACTORY@/sessions/1 | grep -v -x -e "${FACTORY_PROMPT:+$(basename "$(dirname "$FACTORY_PROMPT")")}"'
        try read-transcript 'cat @FACTORY@/sessions/*/*/transcript.log'
        try alter-configuration 'echo x >> @APP@/.factory/config.yml'
        try alter-main 'echo x > @FACTORY@/hub.git/refs/heads/main'
        try alter-history 'touch @FACTORY@/lanes/history.git/x'
        try alter-prompt 'echo x >> "${FACTORY_PROMPT:-/}"'
        try alter-command 'echo x >> "@FACTORY@"/floor/*/agent.sh'
        try alter-gate 'echo x > /run/factory-fence'
        try write-outside 'echo x > @OUTSIDE@/x'
        for place in / /usr /usr/local/bin /etc /etc/ssl/certs /dev /run /opt /proc /var; do
            try "write-$place" "touch $place/escaped"
        done
        try read-shadow 'cat /etc/shadow'
        try read-server-keys 'ls /etc/ssl/private /etc/ssh'
        try read-devices 'ls /dev/vda /dev/sda /dev/nvme0 /dev/mem /dev/kmsg /dev/fuse /dev/kvm 2>/dev/null | grep .'
        try make-device 'mknod /tmp/null c 1 3'
        try set-kernel 'f=/proc/sys/kernel/panic; v=$(cat $f) && echo $v > $f'
        try set-kernel-anywhere 'find /proc -xdev -maxdepth 4 -path /proc/[0-9]\* -prune -o -path /proc/self -prune -o -path /proc/thread-self -prune -o -type f -writable -print 2> /dev/null | grep .'
        try press-sysrq 'echo h > /proc/sysrq-trigger'
        try remount-root 'mount -o remount,rw /'
        try remount-usr 'mount -o remount,rw,bind /usr'
        try unmount 'umount /usr'
        try mount-tmpfs 'mkdir -p /tmp/m && mount -t tmpfs none /tmp/m'
        try mount-proc 'mkdir -p /tmp/p && mount -t proc none /tmp/p'
        try user-namespace 'unshare --user --map-root-user true'
        try mount-namespace 'unshare --mount true'
        try enter-namespace 'nsenter --target 1 --mount true'
        try change-root 'chroot / /bin/true'
        try nested-fence 'command -v bwrap && bwrap --ro-bind / / true'
        try capabilities 'cat /proc/[0-9]*/status | grep -qE "^Cap(Eff|Prm|Inh|Amb):\s*0*[1-9a-f]"'
        try new-privileges 'grep -qE "^NoNewPrivs:\s*0" /proc/self/status'
        try inherited-descriptors '[ "$(ls /proc/self/fd | wc -l)" -gt 4 ]'
        try socket-below-the-machine "perl -e 'exit !socket(my \$s, 40, 1, 0)'"
        try raw-socket "perl -e 'exit !socket(my \$s, 2, 3, 1)'"
        try packet-socket "perl -e 'exit !socket(my \$s, 17, 3, 768)'"
        try io-uring "perl -e 'my \$p = qq(\\0) x 120; exit !(syscall(425, 4, \$p) >= 0)'"
        try keyring "perl -e 'exit !(syscall(250, 0, -5, 1) >= 0)'"
        try see-processes '[ "$(ls -d /proc/[0-9]* | wc -l)" -gt 30 ] || grep -l factory$ /proc/*/cmdline'
        try stop-others 'for p in $(seq 2 400); do [ -d /proc/$p ] || kill -CONT $p 2> /dev/null && [ ! -d /proc/$p ] && exit; done; exit 1'
        try read-variables 'cat /proc/[0-9]*/environ | tr "\0" "\n" | grep SECRET_OF_THE_LINE'
        try reach-loopback 'exec 3<>/dev/tcp/127.0.0.1/@PORT@'
        try reach-loopback-6 'exec 3<>/dev/tcp/::1/@PORT@'
        try reach-metadata 'exec 3<>/dev/tcp/169.254.169.254/80'
        try reach-world 'exec 3<>/dev/tcp/1.1.1.1/443'
        try resolve-names 'getent ahosts example.com'
        try tunnel-to-loopback "$(through_proxy 127.0.0.1:@PORT@)"
        try tunnel-to-localhost "$(through_proxy localhost:@PORT@)"
        try tunnel-to-number "$(through_proxy 2130706433:@PORT@)"
        try tunnel-to-metadata "$(through_proxy 169.254.169.254:80)"
        try tunnel-to-unnamed "$(through_proxy example.com:443)"
        try reach-abstract-socket "$(unix '\0@ABSTRACT@')"
        try reach-socket "$(unix '@SOCKET@')"
        try borrow-from-hub 'echo @FACTORY@/hub.git/objects > .git/objects/info/alternates; git cat-file -e @HIDDEN@'
        try link-to-keys 'ln -sfn @HOME@/.ssh /tmp/keys && cat /tmp/keys/id_ed25519'
        case ${FACTORY_ROLE:-none} in *reviewer) try write-lane 'touch unwanted || touch .git/unwanted' ;; esac

        fine write-tmp 'echo x > /tmp/x && echo x > ~/x && echo x > /dev/shm/x'
        fine tools 'git --version && perl -e 1 && [ -x /usr/bin/env ]'
        fine devices 'echo x > /dev/null && head -c 1 /dev/urandom && head -c 1 /dev/zero'

        # Hooks and settings for whoever runs git here next, and what wants to stay.
        mkdir -p .git/hooks && printf '#!/bin/sh\ntouch @OUTSIDE@/hook\n' > .git/hooks/post-checkout &&
            chmod +x .git/hooks/post-checkout && git config core.fsmonitor 'touch @OUTSIDE@/monitor' &&
            git config core.hooksPath @OUTSIDE@ && git config filter.x.smudge 'touch @OUTSIDE@/filter'
        (setsid sleep 31415 &) & (trap '' TERM HUP; setsid -f env -i sleep 31415)
        command -v tmux > /dev/null && tmux -L escape new-session -d 'sleep 31415'
        echo all-tried
        """#

    static let agent = #"""
        #!/bin/bash
        set -u
        cp "$(dirname "$0")/attempts.sh" /tmp/attempts.sh
        bash /tmp/attempts.sh < /dev/null 2> /dev/null
        criteria='[{"id":"D1","met":true,"evidence":"seen"}]'
        case $FACTORY_ROLE in
        planner) printf '# Plan\n\n1. Write lib/1.txt (D1).\n' > "$FACTORY_PLAN" ;;
        implementer) mkdir -p lib; echo done > lib/1.txt ;;
        *) printf '{"decision":"APPROVE","summary":"good","criteria":%s}' "$criteria" > "$FACTORY_RESULT" ;;
        esac
        """#
}
