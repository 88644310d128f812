"""Statistical disclosure control: safe tables, suppression, and the audit that proves them; what permissions let a release say.

It is separate because nothing else may decide what is shown of people: figures and report read only what comes out of here.
"""
