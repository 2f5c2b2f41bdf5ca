"""`main`: runs the command line and turns whatever goes wrong into one line and an exit code.

0: done. 1: nothing found, or a threshold is passed. 2: bad input. 3: a model is missing. 70: a mistake in Voxproof.
130, 143 and 141: stopped by Ctrl-C, by a signal, by a reader that went away.
"""

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from types import FrameType

import typer
from typer.main import get_command

from voxproof.cli.root import app
from voxproof.cli.stderr import logged, say
from voxproof.cli.threads import one_thread_for_matrices
from voxproof.errors import VoxproofError
from voxproof.notes import one_line

INTERNAL_ERROR = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130
TERMINATED = 143
BROKEN_PIPE = 141

# The base of Typer's errors for wrong options; Typer exports it under no name, and brings Click's or its own.
_UsageProblem: type[Exception] = typer.BadParameter.__mro__[2]


class _Terminated(BaseException):
    """The process was asked to end: unwind, so that nothing half-written stays."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `voxproof` with these arguments (the process's own by default); the exit code comes back."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = _takes_debug(arguments)
    one_thread_for_matrices()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name or a text that the terminal cannot show must not end the program.
            stream.reconfigure(errors="backslashreplace")
    try:
        with _asked_to_end(), logged():
            code = _run(arguments)
            sys.stdout.flush()
        return code
    except VoxproofError as problem:
        return _ends(problem, str(problem), problem.exit_code, debug)
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _ends(stop, "stopped; nothing half-written is left", INTERRUPTED, debug)
    except _Terminated as stop:
        return _ends(stop, "asked to end; nothing half-written is left", TERMINATED, debug)
    except BrokenPipeError:
        _close_stdout()
        return BROKEN_PIPE
    except OSError as problem:
        # Without a name it is stdout that took no more: a full disk, say.
        where = "the results" if problem.filename is None else str(problem.filename)
        if problem.filename is None:
            _close_stdout()
        return _ends(problem, f"{where}: {problem.strerror or problem}", VoxproofError.exit_code, debug)
    except MemoryError as problem:
        return _ends(problem, "there is not enough memory for this", VoxproofError.exit_code, debug)
    except Exception as mistake:
        said = f"a mistake in Voxproof itself ({type(mistake).__name__}: {mistake}); --debug shows where"
        return _ends(mistake, said, INTERNAL_ERROR, debug)


def _run(arguments: list[str]) -> int:
    """Parse and call; Typer's own `main` is not used, since it prints its errors in several lines."""
    command = get_command(app)
    try:
        with command.make_context("voxproof", arguments) as context:
            command.invoke(context)
    except typer.Exit as end:
        return int(end.exit_code)
    except _UsageProblem as problem:
        context_of = getattr(problem, "ctx", None)
        if type(problem).__name__ == "NoArgsIsHelpError" and context_of is not None:
            print(context_of.get_help())
            return 0
        hint = f" ({context_of.command_path} --help)" if context_of is not None else ""
        raise VoxproofError(f"{_message(problem)}{hint}") from problem
    return 0


def _message(problem: Exception) -> str:
    said = str(getattr(problem, "format_message", problem.__str__)()).strip().rstrip(".")
    return said[:1].lower() + said[1:]


def _takes_debug(arguments: list[str]) -> bool:
    """Take `--debug` out, wherever it stands before `--`: it is typed behind a command that has just failed."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    wanted = "--debug" in arguments[:end]
    arguments[:end] = [argument for argument in arguments[:end] if argument != "--debug"]
    return wanted


def _ends(problem: BaseException, said: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exception(problem)
    with contextlib.suppress(OSError):
        say(one_line(said))
    return code


def _close_stdout() -> None:
    """Let nothing be written to a stdout that takes nothing: Python would complain of it when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def _asked_to_end() -> Iterator[None]:
    """SIGTERM unwinds the program as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
