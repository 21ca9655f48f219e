"""A lesson's prose: a Markdown file, cut into the sections that its page places where they belong.

Sections start with `## Heading {#key}`. The page understands paragraphs, lists (`- `), **bold**, *italic*,
`code` and [links](address), and nothing else.
"""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^## (?P<title>.+?) \{#(?P<key>[a-z][a-z0-9-]*)\}\s*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of the prose.

    Attributes:
        key: what the page calls it.
        title: its heading.
        text: Markdown, without the heading.
    """

    key: str
    title: str
    text: str


def read_sections(markdown: str) -> tuple[Section, ...]:
    """Cut `markdown` at its second-level headings; what stands before the first is left out.

    Raises:
        ValueError: a key occurs twice, or a second-level heading has none.
    """
    headings = list(_HEADING.finditer(markdown))
    unnamed = re.findall(r"^## .*$", markdown, re.MULTILINE)
    if len(unnamed) != len(headings):
        raise ValueError(f"expected every heading as '## Title {{#key}}', got {unnamed}")
    ends = [heading.start() for heading in headings[1:]] + [len(markdown)]
    sections = tuple(
        Section(key=heading["key"], title=heading["title"], text=markdown[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    )
    keys = [section.key for section in sections]
    if len(set(keys)) != len(keys):
        raise ValueError(f"expected every section key once, got {keys}")
    return sections
