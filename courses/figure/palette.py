"""Colours of the drawings and the pen that lays them down: one line, flat fills, no style attributes.
Which colours belong to the product is decided in UX.md; shapes are in the modules beside this one."""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.geometry import number

PAPER, SAGE, MARIGOLD, PLUM, INK = "#fdf6ec", "#dfe9e2", "#e8b04a", "#5b2a6e", "#212b32"
LINE = "#35202c"
DEEP_SAGE, ROSE, SKY, CLAY, CREAM = "#a9c4b3", "#dd8f86", "#8fb3c9", "#c4764f", "#fff9ef"
LILAC = "#b49ac6"
MOTTLE, DUSK = "#7d4f7c", "#5f6ea6"


@dataclass(frozen=True)
class Skin:
    """One skin tone: the flat colour, its shade, a blush that shows on it, lips, and palms and nails."""

    base: str
    shade: str
    blush: str
    lip: str
    light: str


SKINS = {
    "very-light": Skin("#fbe1cf", "#efc3ab", "#f1a090", "#d2716c", "#fff0e4"),
    "light": Skin("#f3cca9", "#dfa983", "#e58f78", "#c3655c", "#fbdcc0"),
    "medium": Skin("#e0ae7f", "#c58c5c", "#d57e5c", "#ab5248", "#eec398"),
    "tan": Skin("#c98f60", "#aa7046", "#bd694b", "#8f443b", "#dca97d"),
    "brown": Skin("#a46b42", "#85502e", "#a8523a", "#7a352f", "#c08a5f"),
    "deep": Skin("#7b4d31", "#5f3822", "#95483a", "#a0565a", "#9c6a4a"),
}

HAIRS = {
    "black": "#2a2226",
    "dark-brown": "#4a3026",
    "brown": "#77503a",
    "auburn": "#a1572f",
    "fair": "#d9ac62",
    "grey": "#a9a6a8",
}

OUTFITS = {
    "sage": DEEP_SAGE,
    "marigold": MARIGOLD,
    "plum": "#8c5f9e",
    "rose": ROSE,
    "sky": SKY,
    "cream": "#f4e6cc",
    "clay": CLAY,
}


def mixed(a: str, b: str, t: float) -> str:
    """A colour part of the way from `a` to `b`; t from 0 to 1."""
    if t <= 0:
        return a
    parts = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (q - p) * min(t, 1.0)):02x}" for p, q in parts)


@dataclass(frozen=True)
class Ink:
    """The pen of one drawing: the skin as it is now, the tone it comes from, the width and colour of the line."""

    skin: str
    tone: Skin
    width: float = 2.6
    line: str = LINE

    def sheet(self, body: str) -> str:
        """A whole drawing: lines round, and under their fill, so that joined shapes show one edge."""
        return (
            f'<g stroke="{self.line}" stroke-width="{self._pen(1)}" stroke-linejoin="round" stroke-linecap="round" '
            f'paint-order="stroke">{body}</g>'
        )

    def _pen(self, thin: float) -> str:
        return number(self.width * 2 * thin)

    def _width(self, thin: float) -> str:
        return "" if thin == 1 else f' stroke-width="{self._pen(thin)}"'

    def shape(self, d: str, fill: str, thin: float = 1.0) -> str:
        return f'<path d="{d}" fill="{fill}"{self._width(thin)}/>'

    def stroke(self, d: str, colour: str = "", thin: float = 1.0) -> str:
        """A line; `thin` is its width in lines."""
        paint = f' stroke="{colour}"' if colour and colour != self.line else ""
        return f'<path d="{d}" fill="none"{paint} stroke-width="{number(self.width * thin)}"/>'

    def band(self, d: str, colour: str, width: float, edge: float = 0.8) -> str:
        """A strap or tube `width` units wide with a line on both sides."""
        outer = number(width + 2 * self.width * edge)
        return (
            f'<path d="{d}" fill="none" stroke-width="{outer}"/>'
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}"/>'
        )


def flat(d: str, fill: str, opacity: float = 1.0) -> str:
    """A shape without a line."""
    veil = f' opacity="{opacity:.2f}"'.replace("0.", ".") if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}" stroke="none"{veil}/>'
