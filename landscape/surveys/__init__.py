"""An export file becomes responses, answers and issues. Not here: what the answers mean for engagement (that is SQL)."""
