"""Plumbing every page uses: rate limits, outgoing mail, logs, middleware, health. No feature and no course lives here."""
