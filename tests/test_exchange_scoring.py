"""What an exported item tells another system to give for an answer is what we give for it."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.assessment.items import score_item
from courses.assessment.items.making import short_key
from courses.assessment.items.neutral import Item
from courses.exchange.qti_writer import assessment_item
from courses.exchange.xml_tree import Node, parse
from courses.library import content
from tests.exchanged import items


def scored(root: Node, pairs: set[str]) -> float:
    """What the processing of an exported match gives for these pairs, as a system that reads QTI works it out."""
    mapping = root.first("qti-response-declaration").first("qti-mapping")
    earns = {
        entry.get("map-key"): float(entry.get("mapped-value"))
        for entry in mapping.all("qti-map-entry")
    }

    def value(node: Node) -> float:
        inside = [value(one) for one in node.children if isinstance(one, Node)]
        known: Mapping[str, object] = {
            "qti-base-value": lambda: float(node.text),
            "qti-map-response": lambda: max(0.0, sum(earns.get(pair, 0.0) for pair in pairs)),
            "qti-subtract": lambda: inside[0] - inside[1],
            "qti-divide": lambda: inside[0] / inside[1],
            "qti-max": lambda: max(inside),
        }
        return known[node.tag]()

    outcome = next(
        one for one in root.first("qti-response-processing").all("qti-set-outcome-value")
    )
    assert outcome.get("identifier") == "SCORE"
    return value(next(one for one in outcome.children if isinstance(one, Node)))


@settings(deadline=None, max_examples=40)
@given(items().filter(lambda item: item.kind in {"sort", "match"}), st.data())
def test_it_works(item: Item, data):
    ours = content.Item(
        key="asked",
        kind=item.kind,
        stem="Where?",
        cards=tuple(
            content.Card(key=short_key(card.text), html="c", group=card.group, feedback="f")
            for card in item.cards
        ),
        groups=tuple(content.Group(key=group.key, html="g") for group in item.groups),
    )
    places = [group.key for group in item.groups]
    put = {card.key: data.draw(st.sampled_from(places)) for card in ours.cards}
    given_there = scored(
        parse(assessment_item(item).encode(), "item.xml"),
        {f"c-{card} g-{place}" for card, place in put.items()},
    )
    assert given_there == pytest.approx(float(score_item(ours, put).earned))
