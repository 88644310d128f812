"""Statistical disclosure control: tables of people published once, the audit that proves them, what may be said of visits.

It is separate because nothing else may decide what is shown of people: figures and report read only what comes out of here.
"""
