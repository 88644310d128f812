"""An export file becomes responses, answers and issues."""
