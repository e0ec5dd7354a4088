"""Rules that the settings must keep for the site to start. The environment is passed in.

Used by the settings, Django's system checks and `manage.py ready`. A finding never holds a secret.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
ON = {"1", "true", "on"}
LOCAL_ONLY = {
    "DEMO": "demo sign-ins are public",
    "DEBUG": "debug pages show code and settings",
}
OWN_WORD_NAMES = {
    "DATA_CONTROLLER": "who decides about the data, with an address",
    "DATA_PROTECTION_OFFICER": "whom people ask about their data: a name or role, and an address",
    "LAWFUL_BASIS": "why the data may be kept, as your data protection officer words it",
    "RETENTION": "how long accounts and records are kept, and what happens then",
    "ACCESSIBILITY_CONTACT": "whom people tell of a page that stops them, and within how many days",
}
"""What the privacy notice and the accessibility statement are made of, by its setting."""
NO_MAIL = {"consolemail", "memorymail"}  # with these nobody receives a mail


@dataclass(frozen=True)
class Finding:
    """The result of one rule. `value` is the part of the setting that may be shown; "": not set."""

    setting: str
    value: str
    allowed: str
    is_ok: bool = False

    def __str__(self) -> str:
        """The setting, its value and what is allowed, as one line for an operator."""
        if not self.value:
            return f"{self.setting} is not set: {self.allowed}"
        return f"{self.setting}={self.value}: {self.allowed}"


@dataclass(frozen=True)
class Site:
    """The environment's settings, with the defaults that the rules need."""

    values: Mapping[str, str]

    def given(self, name: str) -> str:
        """The value; "" where it is missing or empty."""
        return self.values.get(name, "").strip()

    def is_on(self, name: str) -> bool:
        return self.given(name).lower() in ON

    def scheme(self, name: str) -> str:
        """The scheme of a URL: the rest may hold a password."""
        return self.given(name).partition(":")[0]

    @property
    def url(self) -> str:
        return self.given("SITE_URL") or "http://127.0.0.1:8000"

    @property
    def host(self) -> str:
        """The host of SITE_URL; "" where that is not a URL."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def allowed_hosts(self) -> list[str]:
        given = self.given("ALLOWED_HOSTS")
        if not given:
            return ["127.0.0.1", "localhost", "[::1]"]  # the same default is in elearn/settings.py
        hosts = [host.strip().lower() for host in given.split(",")]
        return [host for host in hosts if host]

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the site: with https, or a host that is not local."""
        hosts = {self.host, *self.allowed_hosts}
        return self.url.startswith("https:") or not hosts <= LOCAL_HOSTS


def start_findings(values: Mapping[str, str]) -> list[Finding]:
    """The result of every rule that applies, kept or broken, in the order an operator reads them.

    Args:
        values: the environment's variables by name.
    """
    site = Site(values)
    findings = list(_local_only(site))
    if site.is_public:
        findings += [_mail(site), _host(site), _hosts(site), _proxy(site)]
        findings += _own_words(site)
    return findings + _machines(site)


def start_problems(values: Mapping[str, str]) -> list[Finding]:
    """The findings with which the site must not start; empty: it may."""
    findings = start_findings(values)
    return [finding for finding in findings if not finding.is_ok]


def _local_only(site: Site) -> Iterator[Finding]:
    """Settings that give strangers too much are allowed on local hosts alone."""
    other_hosts = sorted({site.host, *site.allowed_hosts} - LOCAL_HOSTS)
    for name, reason in LOCAL_ONLY.items():
        allowed = f"{reason}, so only local hosts are allowed"
        if not site.is_on(name):
            yield Finding(name, "off", allowed, is_ok=True)
            continue
        if not other_hosts:
            yield Finding(name, "1", allowed, is_ok=True)
        for host in other_hosts:
            yield Finding(name, f"1 with host {host!r}", allowed)


def _mail(site: Site) -> Finding:
    allowed = "a public site sends mail, such as smtp+tls://user:password@host:587"
    scheme = site.scheme("EMAIL_URL")
    is_sent = bool(scheme) and scheme not in NO_MAIL
    return Finding("EMAIL_URL", scheme, allowed, is_ok=is_sent)


def _host(site: Site) -> Finding:
    allowed = "the address that people type, with a host that is not local"
    is_ok = site.host not in LOCAL_HOSTS or site.url.startswith("https:")
    return Finding("SITE_URL", repr(site.url), allowed, is_ok=is_ok)


def _hosts(site: Site) -> Finding:
    hosts = site.allowed_hosts
    is_covered = any(_covers(host, site.host) for host in hosts)
    allowed = f"a list of hosts by name that holds {site.host!r}, the host of SITE_URL; not *"
    value = repr(",".join(hosts))
    return Finding("ALLOWED_HOSTS", value, allowed, is_ok=is_covered and "*" not in hosts)


def _covers(pattern: str, host: str) -> bool:
    """Whether Django serves the host under this pattern.

    A pattern is a host, or `.example.org` for that host and all below it.
    """
    if pattern.startswith("."):
        return host == pattern[1:] or host.endswith(pattern)
    return pattern.strip("[]") == host


def _own_words(site: Site) -> list[Finding]:
    """A public site says who runs it and answers for the data: its notices are never half empty."""
    needed = {
        "RUN_BY": "the organisation that runs the site, as its pages name it",
        "SUPPORT_EMAIL": "the address that pages and mails name for help",
        **OWN_WORD_NAMES,
    }
    findings = []
    for name, what in needed.items():
        is_given = bool(site.given(name))
        findings.append(Finding(name, "given" if is_given else "", what, is_ok=is_given))
    return findings


def _proxy(site: Site) -> Finding:
    """A public site must say whether a proxy is in front: gunicorn itself serves plain http.

    Said wrongly, every request would be redirected to https for ever, or clients could fake it.
    """
    for name in ("PROXIES", "BEHIND_PROXY"):
        if site.given(name):
            return Finding(name, site.given(name), "1 behind a proxy, 0 without one", is_ok=True)
    allowed = (
        "1 behind a proxy that sets X-Forwarded-Proto, 0 without a proxy (or PROXIES, how many)"
    )
    return Finding("BEHIND_PROXY", "", allowed)


def _machines(site: Site) -> list[Finding]:
    """Several machines must share a database and the key that signs sessions."""
    number = site.given("WEB_HOSTS") or "1"
    allowed = "how many machines serve the site, from 1"
    if not number.isdecimal() or int(number) < 1:
        return [Finding("WEB_HOSTS", repr(number), allowed)]
    machines = Finding("WEB_HOSTS", number, allowed, is_ok=True)
    if int(number) == 1:
        return [machines]
    suffix = f"with WEB_HOSTS={number}"
    scheme = site.scheme("DATABASE_URL") or "sqlite"
    database = Finding("DATABASE_URL", scheme, f"postgres {suffix}", is_ok=scheme != "sqlite")
    has_key = bool(site.given("SECRET_KEY"))
    shown = f"set, {suffix}" if has_key else ""
    key = Finding("SECRET_KEY", shown, f"one for all, {suffix}", is_ok=has_key)
    return [machines, database, key]
