"""How long the everyday steps take: python benchmarks/timings.py [RUNS].

Works in a temporary project folder with the committed sample; the checkout's own data stay as they are. Processor time
is that of all processes that a step starts, the browser's own children too: on Linux, orphans become this process's.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.paths import HOME_VARIABLE, ProjectPaths

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
IMPORT = "import time; begun = time.perf_counter(); import pipelines.definitions; print(time.perf_counter() - begun)"
LONGEST = 300.0  # seconds, for any one run
_PR_SET_CHILD_SUBREAPER = 36  # of <linux/prctl.h>
_SECONDS_TO_END = 20.0


def main(runs: int) -> None:
    """Times each step and prints the median, the fastest and the slowest run, and the mean processor time."""
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="landscape-timings-") as scratch:
        project = new_project(Path(scratch) / "project")
        os.environ[HOME_VARIABLE] = str(project.root)
        os.environ[KEY_FOLDER_VARIABLE] = str(Path(scratch) / "keys")
        refresh(project)  # the first one compiles modules and makes the databases: not measured
        steps: dict[str, Callable[[], float]] = {
            "import of the code location": import_definitions,
            "refresh, nothing changed": lambda: refresh(project),
            "refresh, all pictures drawn anew": lambda: refresh(project, anew=True),
            "landscape ui, until it answers": lambda: open_ui(project),
        }
        width = max(map(len, steps))
        print(f"{'seconds':<{width}}  {'median':>7}  {'fastest':>7}  {'slowest':>7}  {'processor':>9}   of {runs} runs")
        for name, step in steps.items():
            before = processor_seconds()
            taken = [step() for _ in range(runs)]
            processor = (processor_seconds() - before) / runs
            middle = statistics.median(taken)
            times = f"{middle:7.2f}  {min(taken):7.2f}  {max(taken):7.2f}  {processor:9.2f}"
            print(f"{name:<{width}}  {times}", flush=True)


def adopt_orphans() -> None:
    """Makes this process the parent of descendants whose own parent has ended, where the system can (Linux)."""
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the processor time of orphans cannot be counted")


def processor_seconds() -> float:
    """Processor time of all descendants that have ended; those that are ending are waited for."""
    ends = time.monotonic() + _SECONDS_TO_END
    while time.monotonic() < ends:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if not ended:
            time.sleep(0.05)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def new_project(root: Path) -> ProjectPaths:
    """A project folder with facts and sample as committed, and nothing received."""
    project = ProjectPaths(root)
    shutil.copytree(CHECKOUT.reference, project.reference)
    shutil.copytree(CHECKOUT.sample, project.sample)
    shutil.copy(CHECKOUT.root / "dagster.yaml", root)
    project.raw.mkdir()
    return project


def import_definitions() -> float:
    """Seconds to import the code location in a new process, without the start of Python itself."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT],
        cwd=CHECKOUT.root,
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST,
    )
    return float(done.stdout)


def refresh(project: ProjectPaths, *, anew: bool = False) -> float:
    """Seconds of one `landscape refresh`, from the key press to the prompt."""
    if anew:
        shutil.rmtree(project.figures)
    begun = time.perf_counter()
    subprocess.run([*COMMAND, "refresh"], cwd=project.root, stdout=subprocess.DEVNULL, check=True, timeout=LONGEST)
    return time.perf_counter() - begun


def open_ui(project: ProjectPaths) -> float:
    """Seconds from `landscape ui` until its page can be opened; ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    ui = subprocess.Popen(
        [*COMMAND, "ui", "--port", str(port)],
        cwd=project.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if ui.poll() is not None or time.perf_counter() - begun > LONGEST:
                raise SystemExit("the UI does not answer")
            time.sleep(0.05)
        return time.perf_counter() - begun
    finally:
        ui.terminate()
        ui.wait(timeout=LONGEST)


def answers(port: int) -> bool:
    """Whether the UI's first page is served."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
