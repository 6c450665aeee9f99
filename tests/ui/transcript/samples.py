"""Markdown for the tests: a corpus of honest texts, and pieces from which hypothesis builds odd ones."""

from itertools import pairwise

from hypothesis import strategies as st

CORPUS = [
    "",
    "plain",
    'two\n\nparagraphs with **bold**, *italic*, `code`, ~~gone~~ and [a link](https://example.com/x "t")\nbroken line',
    "# One\n\n## Two ##\n\nThree\n=====\n\nfour\n---\n\n###### Six",
    "- a\n- b\n  - c\n    - d\n\n      more of d\n- e\n\n- f\n\nend",
    "3. three\n4. four\n"
    "   ```sh\n   ls -la\n\n   cd /\n   ```\n5. five\n\n   | a | b |\n   |---|---|\n   | 1 | 2 |\n1. x",
    "- [ ] todo\n- [x] done\n- [ ]not a task\n\n1) one\n2) two",
    "> quote\n> more\n>\n> > deeper\n>\n> - list in it\n>\n> ```py\n> x = 1\n> ```\nlazy",
    "```python\ndef f():\n    return 'x'  # text\n```\n\nafter\n\n~~~\nno language\n~~~\n",
    "````md\n```inner\ncode\n```\n````\nend",
    "```\nnever closed\n\n  with blank lines\n",
    "    indented code\n\n    goes on\n\nafter",
    "| a | b | c |\n|:--|:-:|--:|\n"
    + "".join(f"| {n} | `x{n}` | **{n}** |\n" for n in range(30))
    + "\nafter",
    "para\n| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\nnot a row but one\n\nnext",
    "see [later] and ![img](http://x/y.png)\n\n"
    "| [later] |\n|---|\n| [later] |\n\n[later]: https://example.com 'title'\n\n[later]",
    "<b>html</b> <script>alert(1)</script>\n\n<div>\nblock\n</div>\n\n&amp; &lt; &copy;",
    "***\n\n---\n\n___\n\n- - -\n\n* * *",
    "a\\\nb  \nc\n\n\\*not\\* \\`code\\`",
    "line\u2028separator \u2029 and \ufdd0\ufdd1\ufffc \x00 odd signs 😀 é e\u0301 \U0001f1e9\U0001f1ea",
    "```js\nconst s = '😀😀'; // astral\nlet t = \"x\";\n```\n😀 **b😀ld** x",
    "windows\r\nline\r\n\r\nends\rhere\n\n```\r\ncode\r\n```\r\n",
    "1. one\n10. two\n\n   para\n- a | b\n|---|---|\n- c",
    "text " * 700 + "\n\n" + "A sentence with *emphasis* and `code`. " * 120,
    "- \n-\n  x\n- - - a\n* b\n+ c",
]

_LINES = st.sampled_from(
    [
        "", "", "", "text", "**b** `c`", "- a", "* b", "1. x", "2. y", "7) z", "  - n", "   1. q", "    code", "```py",
        "```", "~~~", "````", "> q", ">", "|a|b|", "|-|-|", "|1|2|", "---", "===", "# h", "- [ ] t", "[r]: http://x",
        "see [r]", "'t'", "\t", "\ttab", "  ", "-", "1.", "    - deep", "  ```", "<b>", "\\", "| x", "a|b", "-|-",
        "![i](u)", "[r]: <", "10. ten\n\n    para", "* * *", "- a | b", "- - a", "  continuation", "&amp;", "😀 é",
    ]
)  # fmt: skip
MARKDOWN = st.lists(_LINES, max_size=14).map("\n".join)


def pieces(text: str, cuts: list[int]) -> list[str]:
    """The text in pieces, cut at these places."""
    places = sorted({at % (len(text) + 1) for at in cuts} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(places)]


CUTS = st.lists(st.integers(0, 10_000), max_size=30)
