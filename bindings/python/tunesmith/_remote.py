"""A trial's attempt as its executor and its worker know it, and the line between the two.

In the executor's process the worker calls the Attempt itself. Where a pool pickles it, a RemoteAttempt comes out at the
other end: it opens a TCP connection, names its attempt, and gets a decision for each report, a JSON line each.
"""

from __future__ import annotations

import dataclasses
import hmac
import json
import secrets
import socket
import socketserver
import threading
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union

from . import TrialReporter, TrialResult, TrialRun, _failure

Key = tuple[int, int]
# Outcome, reason and metrics of a TrialResult, which any pool can pickle.
PlainResult = tuple[str, str, Union[dict[str, float], float, None]]

_SECONDS_TO_CONNECT = 30.0
_LONGEST_LINE = 1 << 20


class WorkerDied(Exception):
    """The pool began an attempt a second time, which it does when the first worker has gone."""


@dataclasses.dataclass(frozen=True)
class RemoteRun:
    """A TrialRun's attributes, in another process."""

    number: int
    attempt: int
    params: dict[str, Any]
    until: float
    reached: Optional[float]


class Attempt:
    """An attempt in the executor's process. Any thread may use it."""

    def __init__(self, run: TrialRun, reporter: TrialReporter, line: Line) -> None:
        self.run = run
        self.reporter = reporter
        self._line = line
        self._lock = threading.Lock()
        self._asked = "keep_going"
        self._execution: Optional[str] = None

    @property
    def key(self) -> Key:
        return self.run.number, self.run.attempt

    @property
    def begun(self) -> bool:
        with self._lock:
            return self._execution is not None

    @property
    def asked(self) -> str:
        with self._lock:
            return self._asked

    def ask(self, decision: str) -> str:
        """A stop is stronger than a pause, and both than keep_going; returns what holds now."""
        with self._lock:
            if self._asked != "stop" and decision != "keep_going":
                self._asked = decision
            return self._asked

    def begin(self, execution: str) -> str:
        with self._lock:
            if self._execution is not None and self._execution != execution:
                return "begun"
            self._execution = execution
            return self._asked

    def report(self, resource: float, metrics: Union[Mapping[str, float], float]) -> str:
        return self.ask(self.reporter.report(resource, metrics))

    def close(self) -> None:
        pass

    def __reduce__(self) -> tuple[Any, ...]:
        run = self.run
        copy = RemoteRun(run.number, run.attempt, run.params, run.until, run.reached)
        return RemoteAttempt, (copy, *self._line.open())


class RemoteAttempt:
    """An attempt in its worker's process."""

    def __init__(self, run: RemoteRun, address: tuple[str, int], token: str) -> None:
        self.run = run
        self._address = address
        self._token = token
        self._lock = threading.Lock()
        self._stream: Any = None

    def begin(self, execution: str) -> str:
        try:
            connection = socket.create_connection(self._address, _SECONDS_TO_CONNECT)
        except OSError as error:
            host, port = self._address
            raise ConnectionError(
                f"a worker on {socket.gethostname()} cannot reach the tuner at {host}:{port} ({error}); "
                "tell its executor by host= under which address workers reach it"
            ) from error
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        connection.close()
        run = self.run
        return self._answer([self._token, run.number, run.attempt, execution])

    def report(self, resource: float, metrics: Union[Mapping[str, float], float]) -> str:
        return self._answer([float(resource), plain_metrics(metrics)])

    def __reduce__(self) -> tuple[Any, ...]:
        """Schedulers may pass it on."""
        return RemoteAttempt, (self.run, self._address, self._token)

    def close(self) -> None:
        if self._stream is not None:
            try:
                self._stream.close()
            except OSError:
                pass

    def _answer(self, message: list[Any]) -> str:
        with self._lock:
            try:
                self._stream.write(json.dumps(message) + "\n")
                self._stream.flush()
                answer = self._stream.readline()
            except OSError:
                answer = ""
        # Without a tuner nobody wants the rest of the trial.
        word, wrong = json.loads(answer) if answer else ("stop", "")
        if wrong:
            raise ValueError(wrong)
        return str(word)


class Line:
    """Answers the RemoteAttempts of an executor, once one has been pickled."""

    def __init__(self, host: str, find: Callable[[Key], Optional[Attempt]]) -> None:
        self._host = host
        self._find = find
        self._lock = threading.Lock()
        self._token = secrets.token_hex(16)
        self._server: Optional[_Server] = None

    def open(self) -> tuple[tuple[str, int], str]:
        """The address, and the token to show there."""
        with self._lock:
            if self._server is None:
                self._server = _Server((self._host, 0), self._serve)
                threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
            return (self._host, self._server.server_address[1]), self._token

    def close(self) -> None:
        with self._lock:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server = None

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(_SECONDS_TO_CONNECT)
        with connection.makefile("rwb") as stream:
            hello = json.loads(stream.readline(_LONGEST_LINE) or "[]")
            if len(hello) != 4 or not hmac.compare_digest(str(hello[0]).encode(), self._token.encode()):
                return
            connection.settimeout(None)
            _, number, attempt, execution = hello
            found = self._find((number, attempt))
            word = "stop" if found is None else found.begin(execution)
            self._write(stream, word, "")
            while found is not None and word != "begun":
                line = stream.readline(_LONGEST_LINE)
                if not line:
                    return
                self._write(stream, *self._report(found, line))

    def _report(self, attempt: Attempt, line: bytes) -> tuple[str, str]:
        try:
            resource, metrics = json.loads(line)
            # What has ended for its executor, and is still running somewhere, is to end there, too.
            return (attempt.report(resource, metrics) if self._find(attempt.key) is attempt else "stop"), ""
        except Exception as error:
            return "", f"{type(error).__name__}: {error}"

    @staticmethod
    def _write(stream: Any, word: str, wrong: str) -> None:
        stream.write(json.dumps([word, wrong]).encode() + b"\n")
        stream.flush()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    # An end of the executor does not wait for connections of workers that nobody listens to any more.
    block_on_close = False

    def __init__(self, address: tuple[str, int], serve: Callable[[socket.socket], None]) -> None:
        super().__init__(address, socketserver.BaseRequestHandler)
        self._serve = serve

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._serve(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A worker that went away, or a stranger; its future tells what is to be told."""


def plain_metrics(metrics: Any) -> Union[dict[str, float], float]:
    """Without numpy's numbers."""
    if isinstance(metrics, Mapping):
        return {str(name): float(value) for name, value in metrics.items()}
    return float(metrics)


def plain_result(result: Any) -> PlainResult:
    if result is None:
        return "completed", "", None
    if isinstance(result, TrialResult):
        return result.outcome, result.reason, plain_metrics(result.metrics)
    return "completed", "", plain_metrics(result)


def run_trial(objective: Callable[[Any, Any], Any], attempt: Union[Attempt, RemoteAttempt]) -> PlainResult:
    """What a pool is given to call."""
    try:
        asked = attempt.begin(secrets.token_hex(8))
        if asked == "begun":
            raise WorkerDied("its worker has gone, and the pool began it again")
        if asked != "keep_going":
            return ("paused" if asked == "pause" else "stopped"), f"asked to {asked} before it began", None
        return plain_result(objective(attempt.run, attempt))
    except WorkerDied:
        raise
    except Exception as error:
        return "failed", _failure.words(error), None
    finally:
        attempt.close()
