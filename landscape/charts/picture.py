"""The child process that turns figures into SVG: python -m landscape.charts.picture JOB.json.

It is a separate process so that a browser that hangs can be stopped without stopping the refresh.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.charts.text import FONTS

if TYPE_CHECKING:
    import kaleido

TIMED_OUT, STOPPED = 3, 4  # exit codes
_HERE = Path(__file__).parent
_NO_NETWORK = "127.0.0.1:9"  # a proxy that nobody answers: the browser cannot fetch anything


def font_faces() -> list[dict[str, str]]:
    """Weight and data URL of each face of the house font, as the browser needs them."""
    return [
        {
            "weight": weight,
            "url": "data:font/woff2;base64,"
            + base64.b64encode((FONTS / f"OpenSans-{name}.latin.woff2").read_bytes()).decode("ascii"),
        }
        for weight, name in (("400", "Regular"), ("700", "Bold"))
    ]


async def draw(figures: list[dict[str, Any]], folder: Path, seconds: float) -> None:
    """Draw each figure as SVG in one browser; after the time limit, stop it and the process.

    Args:
        figures: Each with `figure_id` and `figure` (a Plotly figure as plain data, of fixed size).
        folder: Where each <figure_id>.svg is written.
        seconds: Time limit.
    """
    import kaleido

    script = folder / "picture.js"
    fonts = f"window.houseFonts = {json.dumps(font_faces())};\n"
    script.write_text(fonts + (_HERE / "picture.js").read_text(encoding="utf-8"), encoding="utf-8")
    page = kaleido.PageGenerator(mathjax=False, others=[(script.as_uri(), "utf-8")])
    browser = kaleido.Kaleido(page_generator=page, proxy_server=_NO_NETWORK)
    limit = threading.Timer(seconds, _stop, (browser, TIMED_OUT))
    limit.daemon = True
    limit.start()
    signal.signal(signal.SIGTERM, lambda *_: _stop(browser, STOPPED))
    async with browser:
        await browser.write_fig_from_object(
            [
                {
                    "fig": each["figure"],
                    "path": folder / f"{each['figure_id']}.svg",
                    "opts": {"format": "svg", "scale": 1},
                }
                for each in figures
            ],
            cancel_on_error=True,
        )
    limit.cancel()


def _stop(browser: kaleido.Kaleido, code: int) -> None:
    """Stop the browser with all its processes, then this process, whatever they are waiting for."""
    started = getattr(browser, "subprocess", None)
    if started is not None and sys.platform == "win32":
        taskkill = ["taskkill", "/F", "/T", "/PID", str(started.pid)]
        subprocess.run(taskkill, check=False, capture_output=True)  # noqa: S603 our own child
    elif started is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)  # Kaleido gives the browser a session of its own
    os._exit(code)


def main(job: Path) -> None:
    """Do one job: a JSON object with `folder`, `seconds` and `figures`."""
    work = json.loads(job.read_text(encoding="utf-8"))
    asyncio.run(draw(work["figures"], Path(work["folder"]), work["seconds"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
