"""The browser and system of a request in words, such as "Chrome on Linux", for mails."""

# The first that is in the header counts: most browsers name others as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
UNKNOWN = "a browser we do not know"


def browser_name(user_agent: str) -> str:
    """What the header `User-Agent` says, as far as a person would recognise it."""
    browser = _first_in(BROWSERS, user_agent)
    system = _first_in(SYSTEMS, user_agent)
    if not browser:
        return UNKNOWN
    return f"{browser} on {system}" if system else browser


def _first_in(names: dict[str, str], user_agent: str) -> str:
    """The name of the first word that the header has; "" where it has none."""
    for word, name in names.items():
        if word in user_agent:
            return name
    return ""
