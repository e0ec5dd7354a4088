"""Text to measure with: the same 15 KB for the product's step and for the anchor's page. No Django here."""

import random

SIZE = 15_000  # bytes of HTML in a lesson step, and of the anchor's page
TEXT = (
    "a the of to and in is it you that he she was for on are with as they be at this have from or had by hot word but "
    "what some we can out other were all there when up use your how said an each which their time if will way about "
    "many then them write would like so these her long make thing see him two has look more day could go come did "
    "number sound no most people my over know water than call first who may down side been now find baby parent carer "
    "visitor health home notice wonder talk consult act cue gaze turn away settle feed sleep cry quiet alert hands "
    "face voice rhythm pause repair stress trauma early relationship supervision practice evidence family night "
    "morning worry tired helped looked waited smiled answered watched together between moment minute gently slowly"
)
WORDS = TEXT.split()


def paragraphs(size: int = SIZE, seed: int = 1001) -> str:
    """So many bytes of HTML paragraphs of invented sentences; the same every time."""
    draw = random.Random(seed)
    made: list[str] = []
    while sum(map(len, made)) < size:
        words = [draw.choice(WORDS) for _ in range(draw.randint(34, 48))]
        made.append(f"<p>{' '.join(words).capitalize()}.</p>\n")
    return "".join(made)[: size - 5] + "</p>\n"


def text_page() -> bytes:
    """The anchor's whole page."""
    head = '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Anchor</title></head><body>\n'
    return (head + paragraphs(SIZE - len(head) - 16) + "</body></html>\n").encode()
