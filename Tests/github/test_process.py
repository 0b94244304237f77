"""The program itself: what it prints, and when it ends."""

import json
import subprocess
import sys
import unittest
import urllib.request
from pathlib import Path

PROGRAM = Path(__file__).with_name("fake_github.py")


class Program(unittest.TestCase):
    def start(self, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-B", PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process, json.loads(process.stdout.readline())

    def test_it_says_where_it_is_and_ends_with_its_input(self):
        process, told = self.start()
        self.assertEqual(told["api"], f"http://127.0.0.1:{told['port']}")
        self.assertEqual(set(told["tokens"]), {"ada", "ben", "cleo", "dora", "mallory"})
        refs = subprocess.run(["git", "ls-remote", told["git"]], capture_output=True, text=True, check=True).stdout
        self.assertIn("refs/heads/main", refs)
        process.stdin.close()
        self.assertEqual(process.wait(20), 0)
        self.assertFalse(Path(told["path"]).exists())

    def test_it_starts_empty(self):
        process, told = self.start("--empty")
        self.assertEqual(set(told), {"port", "api"})
        with urllib.request.urlopen(f"{told['api']}/_control/findings") as answer:
            self.assertEqual(json.load(answer), {"findings": []})
        process.stdin.close()
        process.wait(20)

    def test_it_makes_an_app_with_a_key(self):
        process, told = self.start("--app")
        self.assertIn("PRIVATE KEY", Path(told["app"]["private_key_file"]).read_text())
        process.stdin.close()
        process.wait(20)
