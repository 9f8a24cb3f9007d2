#!/usr/bin/env python3
"""How well `lathe extract` finds the text of saved pages.

A folder has a folder for each page, with source.html and expected.html (the layout of Mozilla Readability's test pages). Words are lower-cased \\w+;
recall is the share of the expected text's words that are in the extracted one, precision the share of the extracted ones that are expected, each
word counted as often as it occurs.

    scripts/measure_extraction.py ../shared/data/readability
"""
import argparse
import html.parser
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path


class Text(html.parser.HTMLParser):
    """The characters of a page, tags replaced by spaces."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []

    def handle_starttag(self, tag, attributes):
        self.parts.append(" " if tag not in INLINE else "")

    def handle_endtag(self, tag):
        self.parts.append(" " if tag not in INLINE else "")

    def handle_data(self, data):
        self.parts.append(data)


INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
}


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lathe", default=".build/release/lathe", help="the command")
    parser.add_argument("--recall", type=float, default=0.98, help="the least mean recall")
    parser.add_argument("--precision", type=float, default=0.95, help="the least mean precision")
    parser.add_argument("--least", type=float, nargs=2, default=(0.90, 0.85), help="the least recall and precision of a page")
    arguments = parser.parse_args()
    rows = []
    for source in sorted(arguments.folder.glob("*/source.html")):
        expected = Text()
        expected.feed((source.parent / "expected.html").read_text(encoding="utf-8", errors="replace"))
        expected.close()
        wanted = words("".join(expected.parts))
        result = subprocess.run([arguments.lathe, "extract", str(source)], capture_output=True)
        if result.returncode:
            sys.exit(result.stderr.decode(errors="replace"))
        found = words(result.stdout.decode())
        both = (wanted & found).total()
        rows.append((source.parent.name, both / max(1, wanted.total()), both / max(1, found.total())))
        print("%-40s recall %.3f  precision %.3f" % rows[-1])
    if not rows:
        sys.exit(f"{arguments.folder}: no */source.html in it")
    recall = sum(row[1] for row in rows) / len(rows)
    precision = sum(row[2] for row in rows) / len(rows)
    print("%-40s recall %.4f  precision %.4f" % (f"mean of {len(rows)}", recall, precision))
    weak = [row[0] for row in rows if row[1] < arguments.least[0] or row[2] < arguments.least[1]]
    if recall < arguments.recall or precision < arguments.precision or weak:
        sys.exit(f"below the least: {', '.join(weak) or 'the means'}")


main()
