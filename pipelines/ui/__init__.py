"""Dagster's UI as this project opens it: for whoever uses this computer, and for no page of another site.

`processes` starts and ends it; `serving` is the web server, with Dagster's daemon and code server as its children; `guard`
refuses what comes from elsewhere and hands out the figures; `watching` sees edits. Other accounts of the same computer can
reach the port too and are not kept out.
"""
