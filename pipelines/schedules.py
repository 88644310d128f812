"""When a refresh runs by itself. Not here: what it does."""

import dagster as dg

from pipelines.jobs import refresh

weekly_refresh = dg.ScheduleDefinition(
    name="weekly_refresh",
    job=refresh,
    cron_schedule="0 6 * * 1",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Mondays at 06:00, UK time, while the UI is running.",
)
