"""What every page uses: sign-in, rate limits, outgoing mail, logs, middleware, health checks.

No feature lives here.
"""
