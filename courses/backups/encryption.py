"""A finished archive, encrypted to a public key by GnuPG. Plain Python; it is decrypted elsewhere.

The site never has the private key: who takes the machine does not get the backups of last year.
"""

import os
import shutil
import subprocess
from pathlib import Path

from courses.backups.refusals import NotWritten, ToolMissing

SUFFIX = ".gpg"
# Only the named key counts, whatever is in the keyring or the options of the person who runs it.
ALONE = ("--batch", "--quiet", "--no-options", "--no-autostart", "--trust-model", "always")


def encrypt(path: Path, to: Path, public_key: Path) -> None:
    """Writes `to`, which only the owner of the key can read; raises ToolMissing, NotWritten.

    Args:
        public_key: a file with one public key, as `gpg --export` writes it.
    """
    found = shutil.which("gpg")
    if not found:
        raise ToolMissing("gpg is not on PATH; install the package gnupg")
    home = to.with_name("gnupg")
    home.mkdir(mode=0o700)
    where = (f"--homedir={home}", f"--recipient-file={public_key}", f"--output={to}")
    command = [found, *ALONE, *where, "--compress-algo=none", "--encrypt", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if run.returncode:
        reason = run.stderr.strip().replace("\n", "; ")
        message = f"gpg cannot encrypt to {public_key} ({reason}); name a file with a public key"
        raise NotWritten(message)
    to.chmod(0o600)
    descriptor = os.open(to, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
