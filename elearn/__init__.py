"""The shell: settings, addresses, wsgi. The version of the code is written here and nowhere else but pyproject.toml."""

VERSION = "0.1.0"
