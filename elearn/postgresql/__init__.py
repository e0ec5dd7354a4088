"""Django's PostgreSQL backend, but it stops waiting for a server that has fallen silent. Django reads `base`."""
