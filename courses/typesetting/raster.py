"""A drawing as a PNG, for people and checks that look at pictures. Pages send the SVG itself."""

PAGE = b"""
#set page(width: 480pt, height: 480pt, margin: 0pt, fill: white)
#image(bytes(sys.inputs.drawing), format: "svg", width: 480pt)
"""
POINTS = 480  # of the page's side; 72 of them are an inch


def render_png(drawing: str, side: int = POINTS) -> bytes:
    """A square SVG as a PNG so many pixels wide, on white."""
    import typst  # here, as in `compiler`

    ppi = 72.0 * side / POINTS
    return bytes(typst.compile(PAGE, format="png", ppi=ppi, sys_inputs={"drawing": drawing}))
