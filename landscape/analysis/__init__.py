"""Statistics that SQL cannot do: rankings with bootstrap intervals, and matches between areas."""
