"""How it is done: the domain in plain, typed Python and SQL, without Dagster."""
