"""Statistics on staged tables: rankings. Not here: what may be shown of them."""
