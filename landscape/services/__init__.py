"""Services that responses and open data are pulled from. Not here: what becomes of what was pulled."""
