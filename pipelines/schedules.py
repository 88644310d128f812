"""The schedule of refreshes."""

import dagster as dg

from landscape.paths import project_paths
from pipelines.refreshing import unchanged


def weekly_refresh(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Mondays at 06:00, UK time, while the UI is running."""

    @dg.schedule(
        name="weekly_refresh",
        job=job,
        cron_schedule="0 6 * * 1",
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Mondays at 06:00, UK time, while the UI is running.",
    )
    def weekly() -> dg.RunRequest | dg.SkipReason:
        if (left := unchanged(project_paths())) is not None:
            return dg.SkipReason(f"nothing has changed since the last refresh ({left.ended:%d %B %Y, %H:%M})")
        return dg.RunRequest()

    return weekly
