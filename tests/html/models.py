"""What may stand in what, and with which attributes: the parts of the WHATWG HTML standard that our pages use.

Sections of html.spec.whatwg.org/multipage: 4 (elements), 3.2.5.2 (kinds of content), 3.2.6 (global attributes).
An element or attribute that is not here is reported: look it up there, and add it.
"""


def names(text: str) -> set[str]:
    return set(text.split())


PHRASING = names(
    "a abbr audio b bdi bdo br button canvas cite code data datalist del dfn em i iframe img input "
    "ins kbd label noscript link mark math meter object output picture progress q s samp script "
    "select small span strong sub sup svg template textarea time u var video wbr"
)
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
SECTIONING = {"article", "aside", "nav", "section"}
FLOW = (
    PHRASING
    | HEADINGS
    | SECTIONING
    | names(
        "address blockquote details dialog div dl fieldset figure footer form header hgroup "
        "hr main menu ol p pre search table ul"
    )
)
METADATA = {"base", "link", "meta", "noscript", "script", "style", "template", "title"}
SCRIPTS = {"script", "template"}  # may stand almost everywhere

# What an element's children may be. `{FLOW}` is the rule for what is not named.
CHILDREN: dict[str, set[str]] = {
    "html": {"head", "body"},
    "head": METADATA,
    "ul": {"li"},
    "ol": {"li"},
    "menu": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "colgroup": {"col"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
    "optgroup": {"option"},
    "datalist": {"option"},
    "option": set(),
    "textarea": set(),
    "title": set(),
    "fieldset": FLOW | {"legend"},
    "details": FLOW | {"summary"},
    "figure": FLOW | {"figcaption"},
    "legend": PHRASING | HEADINGS,
    "summary": PHRASING | HEADINGS,
    "dt": FLOW - HEADINGS - SECTIONING - {"header", "footer"},
    "th": FLOW - HEADINGS - SECTIONING - {"header", "footer"},
    "caption": FLOW - {"table"},
    "hgroup": HEADINGS | {"p"},
    "picture": {"source", "img"},
}
OF_PHRASING = (
    HEADINGS
    | {"p", "pre"}
    | names(
        "abbr b bdi bdo button cite code data dfn em i kbd label mark meter output progress q "
        "s samp small span strong sub sup time u var"
    )
)
TRANSPARENT = {"a", "ins", "del", "canvas", "noscript"}  # what their parent may have
FIRST_CHILD = {"legend": "fieldset", "summary": "details", "caption": "table"}
VOID = names("area base br col embed hr img input link meta source track wbr")

INTERACTIVE = {"a", "button", "details", "embed", "iframe", "label", "select", "textarea"}
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
# An element, and what none of its descendants may be.
NEVER_INSIDE: dict[str, set[str]] = {
    "a": INTERACTIVE | {"input"},
    "button": INTERACTIVE | {"input"},
    "label": {"label"},
    "form": {"form"},
    "header": {"header", "footer", "main"},
    "footer": {"header", "footer", "main"},
    "article": {"main"},
    "aside": {"main"},
    "nav": {"main"},
    "dfn": {"dfn"},
    "caption": {"table"},
}

GLOBAL = names(
    "accesskey autocapitalize autofocus class dir draggable enterkeyhint hidden id inert "
    "inputmode is itemid itemprop itemref itemscope itemtype lang nonce part popover role "
    "slot spellcheck style tabindex title translate"
)
BUTTON = "disabled form formaction formenctype formmethod formnovalidate formtarget name value popovertarget popovertargetaction"
ATTRIBUTES: dict[str, str] = {
    "a": "href target download ping rel hreflang type referrerpolicy",
    "blockquote": "cite",
    "button": f"type {BUTTON}",
    "col": "span",
    "colgroup": "span",
    "data": "value",
    "details": "open name",
    "dialog": "open",
    "fieldset": "disabled form name",
    "form": "accept-charset action autocomplete enctype method name novalidate rel target",
    "img": "alt src srcset sizes crossorigin usemap ismap width height referrerpolicy decoding loading fetchpriority",
    "input": f"accept alt autocomplete checked dirname height list max maxlength min minlength multiple pattern"
    f" placeholder readonly required size src step type width {BUTTON}",
    "label": "for",
    "li": "value",
    "link": "href crossorigin rel as media integrity hreflang type referrerpolicy sizes imagesrcset imagesizes blocking"
    " color fetchpriority disabled",
    "meta": "name http-equiv content charset media property",
    "meter": "value min max low high optimum",
    "ol": "reversed start type",
    "optgroup": "disabled label",
    "option": "disabled label selected value",
    "output": "for form name",
    "progress": "value max",
    "q": "cite",
    "script": "src type nomodule async defer crossorigin integrity referrerpolicy blocking fetchpriority",
    "select": "autocomplete disabled form multiple name required size",
    "td": "colspan rowspan headers",
    "textarea": "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required rows wrap",
    "th": "colspan rowspan headers scope abbr",
    "time": "datetime",
}
VALUES: dict[tuple[str, str], set[str]] = {
    ("button", "type"): {"submit", "reset", "button"},
    ("form", "method"): {"get", "post", "dialog"},
    ("th", "scope"): {"row", "col", "rowgroup", "colgroup"},
    ("img", "loading"): {"lazy", "eager"},
    ("input", "type"): names(
        "hidden text search tel url email password date month week time datetime-local number "
        "range color checkbox radio file submit image reset button"
    ),
}
NUMBERS = {
    "maxlength",
    "minlength",
    "rows",
    "cols",
    "colspan",
    "rowspan",
    "tabindex",
    "width",
    "height",
    "start",
}
IDREFS = (
    "for",
    "form",
    "list",
    "popovertarget",
    "aria-describedby",
    "aria-labelledby",
    "aria-controls",
)
IDREFS += ("aria-owns", "aria-details", "aria-errormessage", "aria-activedescendant", "headers")
# ARIA 1.2, 6.2.4: roles that may have no name, which these elements have where no role is given.
NAMELESS = names(
    "abbr b bdi bdo code dd del div dt em i ins p pre q s samp small span strong sub sup"
)
# The parts of other elements, which stand nowhere else.
PARTS = names(
    "html head body li dt dd td th tr option legend summary figcaption caption col source"
)
