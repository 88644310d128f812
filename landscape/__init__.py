"""How it is done: the domain in plain, typed Python and SQL. Not here: anything of Dagster."""
