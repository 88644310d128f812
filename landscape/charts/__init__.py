"""House style, chart builders and the renderer. Not here: what a figure reads and says (assets/figures)."""
