"""Makes entities.json: character references in text and what html5lib 1.1 makes of them, for the tests of LatheWeb.

    make_entities.py            the names are those of Python's html.entities.html5; html.unescape must agree
"""

import html
import html.entities
import json
import os

import html5lib

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = [
    "&mldr;", "&lbrack;", "&copy", "&copy2", "&copyx;", "&notit;", "&notin;", "&not in", "&amp;copy;", "&amp", "&ampamp;",
    "&AMP;lt", "&lt", "&ltb", "&lt;b&gt;", "&lt;/p&gt;", "&quot;&apos;&#39;", "&#150;", "&#x80;", "&#x41", "&#65x", "&#",
    "&#;", "&#x;", "&", "& copy;", "&&copy;", "&unknown;", "&Unknown", "&frac12", "&frac12;", "&frac123", "&nGt;",
    "&NotEqualTilde;", "&acE;", "&fjlig;", "&CounterClockwiseContourIntegral;", "&CounterClockwiseContourIntegralx;",
    "&#x1F600;", "&#x110000;", "&#xD800;", "&#99999999999;", "&eacute", "&Eacute;t&eacute;", "&yuml", "&thorn4;",
]


def parsed(reference):
    document = html5lib.parse("<p>x" + reference + "x</p>", namespaceHTMLElements=False)
    return "".join(document.find(".//p").itertext())[1:-1]


def visible(text):
    return text and not any(c.isspace() or not c.isprintable() for c in text)


rows = []
for name in sorted(html.entities.html5):
    text = "&" + name + ("" if name.endswith(";") else " ")
    expected = parsed(text).rstrip(" ")
    assert expected == html.unescape(text).rstrip(" "), name
    if visible(expected):
        rows.append([text.rstrip(" ") if name.endswith(";") else text, expected])
for text in CASES:
    rows.append([text, parsed(text)])
with open(os.path.join(HERE, "entities.json"), "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows) + "\n]\n")
print(len(rows))
