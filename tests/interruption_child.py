"""A publication whose process meets its fate at a chosen moment."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from landscape.pii_scan import Known, refuse_personal
from landscape.publishing import publish, recover

MANIFEST = "manifest.json"
Content = dict[str, str]
OLD: Content = {"a.csv": "old a", "b.csv": "old b", "pictures/c.svg": "old c", "stays.csv": "both"}
NEW: Content = {"a.csv": "new a", "d.csv": "new d", "pictures/c.svg": "new c", "stays.csv": "both"}
SCAN = partial(refuse_personal, known=Known())
KILLED, INTERRUPTED = 9, 130
_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"}


def built_from(content: Content) -> Callable[[Path], set[str]]:
    """What `publish` asks for: writes these files, but `stays.csv` only where there is none."""

    def build(staging: Path) -> set[str]:
        for name, text in content.items():
            if name != "stays.csv" or not (staging.parent / name).exists():
                (staging / name).parent.mkdir(exist_ok=True)
                (staging / name).write_text(text, encoding="utf-8")
        (staging / MANIFEST).write_text(json.dumps(hashes(content)), encoding="utf-8")
        return {MANIFEST, *content}

    return build


def hashes(content: Content) -> Content:
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in content.items()}


def main(target: Path, what: str, fate: str, fatal: int) -> int:
    """Publishes NEW, or recovers; at the fatal change of a file it is killed, interrupted or refused.

    Returns:
        0 where there were fewer changes than that.
    """
    seen = 0

    def before_each(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        is_write = event == "open" and int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR)
        if event not in _CHANGES and not is_write:
            return
        seen += 1
        if seen == fatal and fate == "killed":
            os._exit(KILLED)
        if seen == fatal and fate == "interrupted":
            raise KeyboardInterrupt
        if seen == fatal and fate == "refused":
            raise OSError(errno.ENOSPC, "No space left on device")

    sys.addaudithook(before_each)  # Python announces every change
    try:
        if what == "publish":
            publish(target, MANIFEST, built_from(NEW), SCAN)
        else:
            recover(target)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        sys.stderr.write(str(error))
    return 0 if seen < fatal else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
