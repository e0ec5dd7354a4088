"""How Django itself writes dates, in the admin and where a template has no filter.

The same as in `courses.web.dates`; tests/test_dates.py holds the two together.
"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "l j F Y, H:i"
TIME_FORMAT = "H:i"
