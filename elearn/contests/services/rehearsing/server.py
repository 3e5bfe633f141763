"""A granian server of its own on loopback, and how much CPU it has used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[4]
WORKERS = 2
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """Starts with two workers on entering, ends on leaving, whatever happens between."""

    def __init__(self, module: str, environment: dict[str, str], folder: Path = ROOT, ready: str = "/") -> None:
        self.module, self.environment, self.folder, self.ready = module, environment, folder, ready
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def __enter__(self) -> Server:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(WORKERS), "--blocking-threads", "8", "--backlog", "4096", "--log-level", "warning", self.module,
        ]  # fmt: skip
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once with code {self.process.returncode}")
            if self._answers():
                return self
            time.sleep(0.1)
        self.stop()
        raise RuntimeError("the server did not answer within 30 seconds")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as probe:
                probe.sendall(f"GET {self.ready} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                return probe.recv(32).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        if error is not None:
            self.log.seek(0)
            sys.stderr.write(self.log.read()[-4000:])
        self.log.close()

    def stop(self) -> None:
        """End the server and its workers."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=5)

    def cpu_seconds(self) -> float:
        """CPU time, user and system, of the server and its workers since they began."""
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                before, _, after = stat.read_text().rpartition(")")
            except OSError:
                continue  # a process that has just ended
            fields = after.split()
            if self.process.pid in (int(before.split(" ", 1)[0]), int(fields[1])):
                total += int(fields[11]) + int(fields[12])
        return total / _TICKS
