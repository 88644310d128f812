"""Open data: boundaries and populations from ONS, and what forces publish on data.police.uk.

Commands fetch it, never a refresh, and only these modules ask public services.
"""
