"""The report in Word, PDF and HTML from one tree of content. Not here: drawing figures, publishing files."""
