"""The project: settings, root URLs, WSGI. The version is written here and in pyproject.toml."""

VERSION = "0.1.0"
