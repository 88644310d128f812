"""When and where it runs: code location, jobs, schedules, sensors, command line, and Dagster's UI."""
