"""XML as trees: what is read is written the same, and what could do harm is not read."""

from __future__ import annotations

import random
from typing import Any

import pytest

from lso.backends.soap.envelope import NAMESPACE, order_layout
from lso.dialects.book import book
from lso.dialects.xml import DEPTH_MOST, XmlRefused, parse, serialise

ORDER = (f'<ServiceOrder xmlns="{NAMESPACE}" version="2.1"><Header><OrderNumber>o-1</OrderNumber><Status>WIP</Status>'
         '<Clerk grade="2">Ann</Clerk></Header><Line num="1"><Action>A</Action><ServiceId/>'
         '<Place role="INSTALL_LOCATION"><Site>Z&#xFC;rich &amp; more</Site></Place><Usoc>X1</Usoc><Usoc>X2</Usoc>'
         "</Line></ServiceOrder>")


def read(text: str | bytes) -> dict[str, Any]:
    return order_layout().read(parse(text if isinstance(text, bytes) else text.encode()))


def test_a_document_comes_back_as_it_was_with_what_nobody_knows() -> None:
    tree = read(ORDER)
    assert tree["Line"][0] == {"@num": "1", "Action": "A", "ServiceId": "", "Usoc": ["X1", "X2"],
                               "Place": [{"@role": "INSTALL_LOCATION", "Site": "Zürich & more"}]}
    assert tree["Header"]["Clerk"] == {"@grade": "2", "#": "Ann"}
    assert read(serialise(order_layout().write(tree))) == tree


def test_through_the_canonical_order_and_back_nothing_is_lost() -> None:
    mapping, tree = book().mapping("soap.service_order"), read(ORDER)
    order, complement, _ = mapping.read(tree)
    assert (order["id"], order["state"], order["items"][0]["action"]) == ("o-1", "in_progress", "add")
    returned = mapping.write(order, complement).document
    assert returned == tree
    assert read(serialise(order_layout().write(returned))) == tree


@pytest.mark.parametrize("seed", range(200))
def test_any_tree_of_texts_is_read_as_it_was_written(seed: int) -> None:
    draw = random.Random(seed)

    def text() -> str:
        return draw.choice(["", "x", " a b ", "<&>\"'", "日本", "line\nbreak", "\ttab", "]]>", "\r", "é"])

    def tree(depth: int) -> Any:
        if depth == 0 or draw.random() < 0.3:
            return text()
        members = {draw.choice(["Header", "Line", "Odd", "{urn:x}Far", "Status"]): tree(depth - 1)
                   for _ in range(draw.randrange(1, 4))}
        return members | ({"@a": text()} if draw.random() < 0.5 else {})

    first = tree(4)
    document = first if isinstance(first, dict) else {"Odd": first}
    once = read(serialise(order_layout().write(document)))
    assert read(serialise(order_layout().write(once))) == once


@pytest.mark.parametrize("text", [
    '<!DOCTYPE x><ServiceOrder/>', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x/>', "<x>&unknown;</x>", "<x>", "", "{}", "<x/><y/>", "<x>\0</x>",
    "<a>" * (DEPTH_MOST + 1) + "</a>" * (DEPTH_MOST + 1), "<a>" * 5000 + "</a>" * 5000,
    f'<ServiceOrder xmlns="{NAMESPACE}">text<Header/></ServiceOrder>', "<ServiceOrder/>",
    f'<Other xmlns="{NAMESPACE}"/>', "<x>" + "<y/>" * 20_001 + "</x>", "<x>" + "y" * 1_000_001 + "</x>",
], ids=range(17))
def test_what_could_do_harm_or_is_something_else_is_not_read(text: str) -> None:
    with pytest.raises(XmlRefused):
        read(text)


def test_entities_that_multiply_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(XmlRefused):
        read(f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]><x>&e9;</x>')


@pytest.mark.parametrize("document", [{"Odd": 1}, {"Odd": None}, {"a b": "x"}, {"Odd": "\0"}, {"@a": 1}, {"#": "\x01"}])
def test_what_xml_cannot_say_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(XmlRefused):
        order_layout().write(document)
