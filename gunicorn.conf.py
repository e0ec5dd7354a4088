"""gunicorn's own log lines in the format of ours (`LOG_FORMAT`). It reads this file where it is started.

Addresses, workers and threads are given on the command line.
"""

import os

from gunicorn.glogging import Logger

from courses.web.logs import default_format, formatter_of
from elearn import VERSION

# As in elearn/settings.py, which is not imported here: it would be loaded before the workers fork.
LOG_FORMAT = os.environ.get("LOG_FORMAT") or default_format(os.environ.get("SITE_URL", ""))


class FormattedLogger(Logger):
    """Formats errors and events of the server; an access log, where one is asked for, is as given."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter_of(LOG_FORMAT, VERSION))


logger_class = FormattedLogger
