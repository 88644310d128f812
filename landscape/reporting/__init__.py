"""The report in Word, PDF and HTML from one tree of content; and bringing an edited Word copy up to date.

Chapters write sentences and tables, the writers only lay them out. Figures are drawn in `charts`.
"""
