"""Force areas: which there are, their boundaries and spellings, and the names of the landscape they make up.

All of it is read from data/reference, so that the program can map another region.
"""
