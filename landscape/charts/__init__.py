"""House style, chart builders and the renderer. What a figure reads and says is in assets/figures."""
