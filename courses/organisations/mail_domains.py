"""The rule of an organisation that takes only e-mail addresses of some domains. No Django."""

import re
from collections.abc import Iterable

# A label of a host name (RFC 1123, section 2.1), at least two of them.
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})+")


def domains_in(text: str) -> tuple[str, ...]:
    """The domains of a text with one a line, in lower case, without a leading @ and each once."""
    domains: dict[str, None] = {}
    for line in text.lower().splitlines():
        domain = line.strip().removeprefix("@").removeprefix("*.").strip(".")
        if domain:
            domains[domain] = None
    return tuple(domains)


def is_domain(domain: str) -> bool:
    """Whether this is the name of a mail domain, as `nhs.net`, in ASCII."""
    return DOMAIN.fullmatch(domain) is not None


def is_allowed(email: str, domains: Iterable[str]) -> bool:
    """Whether the address is at one of the domains or below it; True where there are none.

    `nhs.uk` allows `ana@nhs.uk` and `ana@riverside.nhs.uk`, and not `ana@my-nhs.uk`.
    """
    allowed = tuple(domains)
    if not allowed:
        return True
    _, _, host = email.lower().rpartition("@")
    return any(host == domain or host.endswith(f".{domain}") for domain in allowed)


def in_words(domains: Iterable[str]) -> str:
    """The domains as a sentence names them: `nhs.net, nhs.uk or example.org`."""
    *first, last = domains
    return f"{', '.join(first)} or {last}" if first else last
