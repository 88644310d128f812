"""When and where it runs: code location, jobs, schedules, sensors, command line. Not here: what is made."""
