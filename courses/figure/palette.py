"""Colours of the drawings, and the ink that writes path data as SVG elements without styles.
Shapes are in the modules beside this one."""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.geometry.path_data import path_number

PAPER, SAGE, MARIGOLD, PLUM, INK = "#fdf6ec", "#dfe9e2", "#e8b04a", "#5b2a6e", "#212b32"
LINE = "#35202c"
FORM = "#5a2a22"  # what shades a round form, thinly, on every skin
DEEP_SAGE, ROSE, SKY, CLAY, CREAM = "#a9c4b3", "#dd8f86", "#8fb3c9", "#c4764f", "#fff9ef"
LILAC = "#b49ac6"
MOTTLE, DUSK = "#7d4f7c", "#5f6ea6"
EYE_WHITE, IRIS, PUPIL = "#fffdf8", "#4b3326", "#1d1418"
MOUTH, TONGUE, GUM = "#6d2433", "#dd7f84", "#efaaa4"


@dataclass(frozen=True)
class Skin:
    """One skin tone: the flat colour, its shade, a blush that shows on it, lips, and palms.

    `pallor` is the whole skin with little blood in it, `mottle` the net on it when it is mottled.
    """

    base: str
    shade: str
    blush: str
    lip: str
    light: str
    pallor: str
    mottle: str


SKINS = {
    "very-light": Skin("#fbe1cf", "#efc3ab", "#f1a090", "#d2716c", "#fff0e4", "#f3e8df", "#b56a86"),
    "light": Skin("#f3cca9", "#dfa983", "#e58f78", "#c3655c", "#fbdcc0", "#ecdccf", "#a95f78"),
    "medium": Skin("#e0ae7f", "#c58c5c", "#d57e5c", "#ab5248", "#eec398", "#dcc6b3", "#8f4a66"),
    "tan": Skin("#c98f60", "#aa7046", "#bd694b", "#8f443b", "#dca97d", "#c2a591", "#763a58"),
    "brown": Skin("#a46b42", "#85502e", "#a8523a", "#7a352f", "#c08a5f", "#9c7d6b", "#5d2c48"),
    "deep": Skin("#7b4d31", "#5f3822", "#95483a", "#98514a", "#9c6a4a", "#785d50", "#40203c"),
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


# Eyes of people with light skin, by their hair; all others are brown.
LIGHT_EYES = {"fair": "#5f7f98", "auburn": "#5f7a5c", "brown": "#6d5a3c"}
NEWBORN_EYES = "#56606f"


def iris_of(skin: str, hair_colour: str, age: str) -> str:
    """The colour of somebody's eyes; light-skinned newborn babies have slate-grey ones."""
    if not skin.endswith("light"):
        return IRIS
    if age == "newborn":
        return NEWBORN_EYES
    return LIGHT_EYES.get(hair_colour, IRIS)


def mix_colours(a: str, b: str, t: float) -> str:
    """A colour part of the way from `a` to `b`, both as #rrggbb; t from 0 to 1."""
    if t <= 0:
        return a  # the common case, and exactly the colour that was given
    t = min(t, 1.0)
    mixed = "#"
    for i in (1, 3, 5):  # where red, green and blue begin in #rrggbb
        start = int(a[i : i + 2], 16)
        end = int(b[i : i + 2], 16)
        mixed += f"{round(start + (end - start) * t):02x}"
    return mixed


@dataclass(frozen=True)
class Ink:
    """The pen of one drawing: the skin as it is now, its tone, and its line's width and colour.

    Its methods take path data. `weight` is a line's width as a multiple of the drawing's own line.
    """

    skin: str
    tone: Skin
    width: float = 2.6
    line: str = LINE

    def wrap_drawing(self, body: str) -> str:
        """A whole drawing in a group that sets its line.

        Lines lie under the fill of their shape, so that joined shapes show one edge round them all.
        """
        return (
            f'<g stroke="{self.line}" stroke-width="{self._line_width(1)}" '
            f'stroke-linejoin="round" stroke-linecap="round" paint-order="stroke">{body}</g>'
        )

    def _line_width(self, weight: float) -> str:
        # Half of a line under a fill is hidden, so it is drawn twice as wide.
        width = self.width * 2 * weight
        return path_number(width)

    def soft_line(self, darkness: float) -> str:
        """The colour of a line inside the skin: 0 its shade, 1 the drawing's own line."""
        return mix_colours(self.tone.shade, self.line, darkness)

    def shape(self, d: str, fill: str, weight: float = 1.0) -> str:
        """A filled shape with a line round it."""
        width = "" if weight == 1 else f' stroke-width="{self._line_width(weight)}"'
        return f'<path d="{d}" fill="{fill}"{width}/>'

    def outlined(self, d: str, fill: str, weight: float) -> str:
        """A filled shape with a line of its own colour, which rounds its corners."""
        width = self._line_width(weight)
        return f'<path d="{d}" fill="{fill}" stroke="{fill}" stroke-width="{width}"/>'

    def stroke(self, d: str, colour: str = "", weight: float = 1.0) -> str:
        """A line, in the drawing's own colour when none is given."""
        paint = f' stroke="{colour}"' if colour and colour != self.line else ""
        width = path_number(self.width * weight)
        return f'<path d="{d}" fill="none"{paint} stroke-width="{width}"/>'

    def band(self, d: str, colour: str, width: float, edge: float = 0.8) -> str:
        """A strap or tube `width` units wide, with lines `edge` times the usual width."""
        outer = path_number(width + 2 * self.width * edge)
        inner = path_number(width)
        return (
            f'<path d="{d}" fill="none" stroke-width="{outer}"/>'
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{inner}"/>'
        )


def fill_path(d: str, fill: str, opacity: float = 1.0) -> str:
    """A filled shape without a line round it."""
    attribute = ""
    if opacity < 1:
        # A leading zero says nothing, and there are hundreds of these in a drawing.
        attribute = f' opacity="{opacity:.2f}"'.replace("0.", ".")
    return f'<path d="{d}" fill="{fill}" stroke="none"{attribute}/>'


def stroke_path(d: str, colour: str, width: float, opacity: float) -> str:
    """A line `width` units wide that lets the skin under it show."""
    thickness = path_number(width)
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{thickness}" '
        f'opacity="{opacity:.2f}"/>'.replace('"0.', '".')
    )


def soft_spot(uid: str, colour: str) -> str:
    """The definition of a round colour that fades to its edge, to fill ovals with `url(#uid)`."""
    stops = (("0", "1"), (".45", ".75"), ("1", "0"))
    written = ""
    for offset, opacity in stops:
        written += f'<stop offset="{offset}" stop-color="{colour}" stop-opacity="{opacity}"/>'
    return f'<radialGradient id="{uid}">{written}</radialGradient>'
