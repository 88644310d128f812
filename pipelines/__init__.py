"""When and where it runs: code location, jobs, schedules, sensors, resources, command line. Not here: what is made."""
