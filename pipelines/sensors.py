"""What asks for a refresh by itself. Not here: what a refresh does."""

import hashlib
from pathlib import Path

import dagster as dg

from landscape.paths import project_paths
from pipelines.jobs import refresh

SECONDS_BETWEEN_LOOKS = 60


def fingerprint(folder: Path) -> str:
    """Changes whenever a file below the folder comes, goes or changes; reads no file."""
    facts = [
        f"{path.relative_to(folder).as_posix()}|{path.stat().st_size}|{path.stat().st_mtime_ns}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith((".", "~$"))
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for a refresh when files in data/raw have changed, and then been quiet for a minute.",
)
def received_files_changed(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Compares data/raw with what it last saw; the cursor is `refreshed:seen`."""
    now = fingerprint(project_paths().raw)
    refreshed, _, seen = (context.cursor or f"{now}:{now}").partition(":")
    if now != seen:
        context.update_cursor(f"{refreshed}:{now}")
        return dg.SkipReason("data/raw has just changed; waiting until it is quiet")
    if now == refreshed:
        context.update_cursor(f"{now}:{now}")
        return dg.SkipReason("nothing in data/raw has changed")
    # No run key: files may come back to an earlier state, which then is to be refreshed a second time.
    return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=f"{now}:{now}")
