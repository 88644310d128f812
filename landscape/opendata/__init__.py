"""Facts that anyone may ask for: boundaries, populations, what forces publish. Not here: responses to surveys."""
