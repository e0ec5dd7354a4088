"""Local pathways: whom an organisation's people call about a baby under two, by area."""
