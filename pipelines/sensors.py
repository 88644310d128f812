"""The sensor that starts a refresh when something was received or edited."""

import dagster as dg

from landscape.last_state import file_hashes, inputs_now, last_refresh
from landscape.paths import project_paths

SECONDS_BETWEEN_LOOKS = 60


def received_files_changed(job: dg.JobDefinition) -> dg.SensorDefinition:
    """Asks for a refresh when its inputs have changed, and then not for a minute."""

    @dg.sensor(
        name="received_files_changed",
        job=job,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for a refresh when received files, decisions, reference data or the program have changed, and "
        "then been quiet for a minute.",
    )
    def changed(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        """Compares all inputs with what it last saw; the cursor is `refreshed:seen`."""
        paths = project_paths()
        last = last_refresh(paths)
        now = inputs_now(paths, file_hashes(last))
        refreshed, _, seen = (context.cursor or f"{now}:{now}").partition(":")
        if now != seen:
            context.update_cursor(f"{refreshed}:{now}")
            return dg.SkipReason("something has just changed; waiting until it is quiet")
        if now == refreshed or (last is not None and now == last.inputs):
            context.update_cursor(f"{now}:{now}")
            return dg.SkipReason("nothing has changed since the last refresh")
        # No run key: files may come back to an earlier state, which then is to be refreshed a second time.
        return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=f"{now}:{now}")

    return changed
