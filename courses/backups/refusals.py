"""Why a backup is not made or not restored. Each reads as one sentence with what to do next."""


class Refused(Exception):
    """Not done, and nothing is changed."""


class BadArchive(Refused):
    """Not a backup of this product, or a damaged one."""


class NewerBackup(Refused):
    """Made by a release whose tables this one does not know."""


class OtherDatabase(Refused):
    """Of another kind of database than the one the settings name."""


class OtherKey(Refused):
    """Made with another `SECRET_KEY` than this site has."""


class NotEmpty(Refused):
    """The database holds something, and the caller did not ask to replace it."""


class InUse(Refused):
    """Somebody else has the database open."""


class NoDatabase(Refused):
    """There is nothing to back up, or the database does not answer."""


class ToolMissing(Refused):
    """A program of PostgreSQL is not installed, or is of another version than the server."""


class NotWritten(Refused):
    """A file could not be written, or the database did not take the backup."""


class Different(Refused):
    """What was restored is not what the manifest says was saved."""


class Unfinished(Exception):
    """A restore ended between the old tables and the new ones; says where the old ones are."""
