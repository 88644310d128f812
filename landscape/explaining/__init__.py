"""From a number in a figure back to rows, records, answers and files.

It is above everything else because it reads everything else and nothing depends on it.
"""
