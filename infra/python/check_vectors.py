#!/usr/bin/env python3
"""Computes every hash in the table of docs/python.md and compares; 'HashVectorsTest' does the same in Java."""

import os
import re
import sys

import millrace_history as history

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "python.md")
LINE = re.compile(r"\| `(\w+)\((.*)\)` \| `(\S+)` \|")


def value(text):
    return text[1:-1] if text.startswith('"') else int(text, 0)


def main():
    wrong, checked = 0, 0
    with open(PAGE, encoding="utf-8") as page:
        lines = page.readlines()
    for line in lines:
        found = LINE.fullmatch(line.strip())
        if found:
            function, arguments, published = found.groups()
            computed = getattr(history, function)(*[value(part) for part in arguments.split(", ")])
            same = repr(computed) == published if isinstance(computed, float) else computed == int(published, 0)
            checked += 1
            if not same:
                wrong += 1
                print("{}({}): {} (expected: {})".format(function, arguments, computed, published))
    print("vectors       {} of {} as published".format(checked - wrong, checked))
    sys.exit(0 if checked and not wrong else 1)


if __name__ == "__main__":
    main()
