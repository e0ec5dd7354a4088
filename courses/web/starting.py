"""What a start may not go without: rules over the settings as they were given. Plain Python; nothing is read here.

The settings, Django's system checks and `manage.py ready` all use these. No secret is ever part of a finding.
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
NO_MAIL = {"consolemail", "memorymail"}  # written to a terminal or forgotten: nobody gets it


@dataclass(frozen=True)
class Finding:
    """One setting looked at. `value` is what may be shown of it: "" where it is not set."""

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
    """The settings that bear on who can reach the site, read with their defaults."""

    values: Mapping[str, str]

    def given(self, name: str) -> str:
        """The value, "" where it is missing or empty."""
        return self.values.get(name, "").strip()

    def is_on(self, name: str) -> bool:
        return self.given(name).lower() in ON

    def scheme(self, name: str) -> str:
        """What an address begins with; all of it that may be shown."""
        return self.given(name).partition(":")[0]

    @property
    def url(self) -> str:
        return self.given("SITE_URL") or "http://127.0.0.1:8000"

    @property
    def host(self) -> str:
        """The host of SITE_URL, "" where it is no address."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def allowed_hosts(self) -> list[str]:
        given = self.given("ALLOWED_HOSTS")
        if not given:
            return ["127.0.0.1", "localhost", "[::1]"]  # as in the settings
        return [host.strip().lower() for host in given.split(",") if host.strip()]

    @property
    def is_public(self) -> bool:
        """Whether others than this machine can be served: https, or any host that is not local."""
        hosts = {self.host, *self.allowed_hosts}
        return self.url.startswith("https:") or not hosts <= LOCAL_HOSTS


def start_findings(values: Mapping[str, str]) -> list[Finding]:
    """Every rule that applies to these settings, kept or not, in the order an operator reads them.

    Args:
        values: the environment's variables by name.
    """
    site = Site(values)
    found = list(_local_only(site))
    if site.is_public:
        found += [_mail(site), _host(site), _hosts(site), _proxy(site)]
    return found + _machines(site)


def start_problems(values: Mapping[str, str]) -> list[Finding]:
    """The findings that must stop the start; empty where it may go on."""
    return [finding for finding in start_findings(values) if not finding.is_ok]


def _local_only(site: Site) -> Iterator[Finding]:
    for name, why in LOCAL_ONLY.items():
        allowed = f"{why}, so only local hosts are allowed"
        others = sorted({site.host, *site.allowed_hosts} - LOCAL_HOSTS)
        if not site.is_on(name):
            yield Finding(name, "off", allowed, is_ok=True)
        elif not others:
            yield Finding(name, "1", allowed, is_ok=True)
        for host in others if site.is_on(name) else []:
            yield Finding(name, f"1 with host {host!r}", allowed)


def _mail(site: Site) -> Finding:
    allowed = "a public site sends mail, such as smtp+tls://user:password@host:587"
    scheme = site.scheme("EMAIL_URL")
    return Finding("EMAIL_URL", scheme, allowed, is_ok=bool(scheme) and scheme not in NO_MAIL)


def _host(site: Site) -> Finding:
    allowed = "the address that people type, with a host that is not local"
    is_ok = site.host not in LOCAL_HOSTS or site.url.startswith("https:")
    return Finding("SITE_URL", repr(site.url), allowed, is_ok=is_ok)


def _hosts(site: Site) -> Finding:
    hosts = site.allowed_hosts
    allowed = f"a list of hosts by name that holds {site.host!r}, the host of SITE_URL; not *"
    is_ok = "*" not in hosts and any(_covers(host, site.host) for host in hosts)
    return Finding("ALLOWED_HOSTS", repr(",".join(hosts)), allowed, is_ok=is_ok)


def _covers(pattern: str, host: str) -> bool:
    """Whether Django would serve the host: its name, or a pattern `.example.org` for it and what is below."""
    if pattern.startswith("."):
        return host == pattern[1:] or host.endswith(pattern)
    return pattern.strip("[]") == host


def _proxy(site: Site) -> Finding:
    """gunicorn serves plain http: whether a proxy in front speaks https must be known, either way."""
    for name in ("PROXIES", "BEHIND_PROXY"):
        if site.given(name):
            return Finding(name, site.given(name), "1 behind a proxy, 0 without one", is_ok=True)
    allowed = (
        "1 behind a proxy that sets X-Forwarded-Proto, 0 without a proxy (or PROXIES, how many)"
    )
    return Finding("BEHIND_PROXY", "", allowed)


def _machines(site: Site) -> list[Finding]:
    """What several machines must share: a database, and the key that signs sessions."""
    given = site.given("WEB_HOSTS") or "1"
    counted = Finding("WEB_HOSTS", given, "how many machines serve the site, from 1", is_ok=True)
    if not given.isdecimal() or int(given) < 1:
        return [Finding("WEB_HOSTS", repr(given), counted.allowed)]
    if int(given) == 1:
        return [counted]
    many = f"with WEB_HOSTS={given}"
    database = site.scheme("DATABASE_URL") or "sqlite"
    key = Finding(
        "SECRET_KEY", f"set, {many}" if site.given("SECRET_KEY") else "", f"one for all, {many}"
    )
    return [
        counted,
        Finding("DATABASE_URL", database, f"postgres {many}", is_ok=database != "sqlite"),
        Finding(key.setting, key.value, key.allowed, is_ok=bool(key.value)),
    ]
