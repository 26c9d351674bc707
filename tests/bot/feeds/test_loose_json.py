"""JSON that a hand or a template spoilt is read; what was cut is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import loose_json

GOOD = {"titre": "Le « cloud »", "corps": "Un\nDeux", "liste": [1, {"a": None}]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        "\ufeff" + json.dumps(GOOD, ensure_ascii=False, indent=2),
        '{"titre": "Le « cloud »", "corps": "Un\nDeux", "liste": [1, {"a": null}]}',
        '{"titre": "Le « cloud »", "corps": "Un\\nDeux", "liste": [1, {"a": null,},],}',
        '{"titre": "Le « cloud »", /* le titre */ "corps": "Un\\nDeux", // le corps\n "liste": [1, {"a": null}]}',
        json.dumps(GOOD) + ";",
        f"<![CDATA[\n{json.dumps(GOOD)}\n]]>",
        f"//<![CDATA[\n{json.dumps(GOOD)}\n//]]>",
        f"/*<![CDATA[*/ {json.dumps(GOOD)} /*]]>*/",
        f"<!-- {json.dumps(GOOD)} -->",
        f"{json.dumps(GOOD)}\n<!-- servi par le cache -->",
        f"{json.dumps(GOOD)}; window.suite = 1",
        f"window.donnees = {json.dumps(GOOD)};",
        json.dumps(GOOD, ensure_ascii=False).replace('"', "&quot;"),
        json.dumps(GOOD, ensure_ascii=False).replace('"', "'"),
        json.dumps(GOOD).replace("null", "undefined"),
        '{titre: "Le « cloud »", corps: "Un\\nDeux", liste : [1, {a: null}]}',
        '{"titre": "Le « cloud »"\n"corps": "Un\\nDeux", "liste": [1, {"a": null}]}',
    ],
)
def test_what_is_a_little_off_is_read(text):
    assert loose_json.values(text) == [GOOD]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "Le "cloud" souverain", "b": 1}', {"a": 'Le "cloud" souverain', "b": 1}),
        ('{"a": "Dit "oui": la suite", "b": 1, }', {"a": 'Dit "oui": la suite', "b": 1}),
        ('{"a": "Le "cloud", c’est, "dit-on", beau", "b": 1}', {"a": 'Le "cloud", c’est, "dit-on", beau', "b": 1}),
        (r'{"a": "l\'été", }', {"a": "l'été"}),
        (r'{"a": "un\tdeux\q", }', {"a": "un\tdeuxq"}),
        ('{"a": "http://site.example/x", }', {"a": "http://site.example/x"}),
        ('{"a": "x /* y */ , ] z", }', {"a": "x /* y */ , ] z"}),
        ('{"a": "tab\there", }', {"a": "tab\there"}),
        ('{"a": [[1, 2], [3],], }', {"a": [[1, 2], [3]]}),
        ('{"a": -1.5e3, }', {"a": -1500.0}),
        ("{'a': \"l'été\", 'b': +5, 'c': 'dit \"vrai\"'}", {"a": "l'été", "b": 5, "c": 'dit "vrai"'}),
        ("{'a': 'l'été, c'est undefined', }", {"a": "l'été, c'est undefined"}),
        ('{"a": [1, 2]\n"b": "NaN, } undefined" }', {"a": [1, 2], "b": "NaN, } undefined"}),
    ],
)
def test_a_string_keeps_what_it_says(text, value):
    assert loose_json.values(text) == [value]


def test_objects_one_after_the_other_are_each_read():
    assert loose_json.values('{"a": 1}{"b": 2};\n{"c": 3,,}') == [{"a": 1}, {"b": 2}, {"c": 3}]


@pytest.mark.parametrize(
    "text", ["", "bonjour", '{"a": "coupé', '{"a": 1, "b": [1, 2', "[" * 5000, "{" * 5000, "9" * 5000]
)
def test_what_was_cut_or_is_no_json_is_not_read(text):
    assert loose_json.values(text) == []


@pytest.mark.parametrize("piece", ['"', "\\", "/*", "/* ", "//", ",", '",', '{"a', "<!--", "[,", "'", "u", '}"'])
def test_a_repeated_piece_ends(piece):
    assert isinstance(loose_json.values(piece * 20_000), list)


@given(st.text(alphabet=st.sampled_from([*'{}[]":,\\/*\n a1<!->'])))
def test_no_text_makes_it_fail(text):
    assert isinstance(loose_json.values(text), list)
