"""One chapter of the report per module: a function of the tables. Not here: numbering, layout."""
