"""What installs the packages: it asks for nothing that is there, and does nothing as root that nobody allowed."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "deps.sh"
REAL = ["sh", "cat", "tr"]


class Dependencies(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tools = Path(folder.name) / "bin"
        self.tools.mkdir()
        self.log = Path(folder.name) / "log"
        for name in REAL:
            (self.tools / name).symlink_to(shutil.which(name))
        for name in ["swift", "git", "python3", "bwrap", "openssl"]:
            self.program(name)
        self.program("pkg-config")
        self.program("apt-get", f'echo "apt-get $*" >> {self.log}')
        self.program("env", 'shift; exec "$@"')
        self.program("id", "echo 0")

    def program(self, name, body=":"):
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def run_script(self):
        """Runs it with nothing but the programs above; what apt-get was asked for."""
        self.ended = subprocess.run(
            ["/bin/sh", SCRIPT], env={"PATH": str(self.tools)}, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        return self.log.read_text().splitlines() if self.log.exists() else []

    def test_nothing_is_done_when_nothing_is_missing(self):
        self.assertEqual(self.run_script(), [])
        self.assertEqual((self.ended.returncode, self.ended.stdout, self.ended.stderr), (0, "", ""))

    def test_root_installs_exactly_what_is_missing(self):
        self.program("pkg-config", 'case "$*" in *yaml*) exit 1 ;; esac')
        self.assertEqual(
            self.run_script(), ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends libyaml-dev"]
        )
        self.assertEqual(self.ended.returncode, 0)

    def test_without_pkg_config_the_libraries_count_as_missing(self):
        (self.tools / "pkg-config").unlink()
        libraries = ["pkg-config", "libgit2-dev", "libyaml-dev", "libssl-dev", "zlib1g-dev"]
        self.assertEqual(self.run_script()[-1].split()[-5:], libraries)

    def test_without_root_and_without_sudo_it_prints_the_command(self):
        self.program("id", "echo 1000")
        (self.tools / "git").unlink()
        self.assertEqual(self.run_script(), [])
        self.assertEqual(self.ended.returncode, 1)
        self.assertIn("install them with: sudo apt-get install git", self.ended.stderr)

    def test_sudo_that_wants_a_password_is_not_used_without_a_terminal(self):
        self.program("id", "echo 1000")
        self.program("sudo", f'[ "$1" != -n ] || exit 1; echo "sudo $*" >> {self.log}')
        (self.tools / "git").unlink()
        self.assertEqual(self.run_script(), [])
        self.assertEqual(self.ended.returncode, 1)

    def test_sudo_without_a_password_is_used(self):
        self.program("id", "echo 1000")
        self.program("sudo", f'[ "$1" = -n ] || {{ echo "sudo $1" >> {self.log}; exec "$@"; }}')
        (self.tools / "git").unlink()
        self.assertEqual([line for line in self.run_script() if line.startswith("sudo")], ["sudo apt-get", "sudo env"])
        self.assertEqual(self.ended.returncode, 0)

    def test_a_missing_toolchain_is_said_first(self):
        (self.tools / "swift").unlink()
        self.assertEqual(self.run_script(), [])
        self.assertIn("there is no Swift toolchain", self.ended.stderr)

    def test_brew_is_used_where_there_is_no_apt(self):
        (self.tools / "apt-get").unlink()
        self.program("brew", f'echo "brew $*" >> {self.log}')
        self.program("pkg-config", 'case "$*" in *git2*) exit 1 ;; esac')
        self.assertEqual(self.run_script(), ["brew install libgit2"])


if __name__ == "__main__":
    unittest.main()
