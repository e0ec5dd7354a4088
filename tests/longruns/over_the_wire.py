"""What a page weighs on its way to a browser. Whose page it is, and what is too much, is said elsewhere."""

from collections.abc import Callable
from typing import Any


def loaded(page: Any, act: Callable[[], Any]) -> dict[str, int]:
    """Bytes that came over the wire for each address, heads included, while `act` loads a page."""
    finished: list[Any] = []
    page.on("requestfinished", lambda request: finished.append(request))
    act()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    sizes = {request.url: request.sizes() for request in finished}
    bytes_of = {}
    for url, size in sizes.items():
        if size["responseBodySize"] > 0:  # else it came from the browser's cache
            bytes_of[url] = size["responseBodySize"] + size["responseHeadersSize"]
    return bytes_of
