"""The fake as a program of its own."""

import json
import signal
import subprocess
import sys
import unittest
from pathlib import Path

PROGRAM = Path(__file__).with_name("fake_github.py")


class Program(unittest.TestCase):
    def start(self) -> tuple[subprocess.Popen, Path]:
        process = subprocess.Popen([sys.executable, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        folder = Path(json.loads(process.stdout.readline())["path"]).parent
        self.assertTrue(folder.exists())
        return process, folder

    def test_it_ends_with_its_input_and_leaves_nothing(self):
        process, folder = self.start()
        process.stdin.close()
        self.assertEqual(process.wait(20), 0)
        self.assertFalse(folder.exists())

    def test_asked_to_end_it_leaves_nothing(self):
        process, folder = self.start()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        process.stdin.close()
        self.assertFalse(folder.exists())


if __name__ == "__main__":
    unittest.main()
