"""Whether HTML is valid, by the content models of the WHATWG standard; `python -m tests.html` judges the whole product."""
