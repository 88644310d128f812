"""Force areas: boundaries and spellings. Not here: what happens in them."""
