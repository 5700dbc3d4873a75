"""The elements of a page as numbers: which blocks each holds, what it calls itself, what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cleaner import tags
from cleaner.document import Layout

_DEEPEST = 40
FAR = 30.0
"""The distance to a group of elements that no ancestor belongs to."""

_NAMES: dict[str, tuple[str, ...]] = {
    "main": ("main",),
    "article": ("article",),
    "section": ("section",),
    "header": ("header", "hgroup"),
    "footer": ("footer",),
    "nav": ("nav", "menu"),
    "aside": ("aside",),
    "form": ("form", "fieldset"),
    "list": ("ul", "ol"),
    "ordered": ("ol",),
    "table": ("table",),
    "definitions": ("dl",),
    "figure": ("figure", "figcaption", "picture"),
    "quote": ("blockquote",),
    "paragraph": ("p",),
    "code": ("pre", "code"),
    "heading": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "dialog": ("dialog",),
    "details": ("details", "summary"),
    "button": ("button", "select", "textarea"),
    "noscript": ("noscript",),
}
_WORDS: dict[str, str] = {
    "navigation words": "nav navigation navbar menu menus submenu dropdown breadcrumb breadcrumbs crumbs pagination "
    "pager skip toolbar tabs sitemap masthead topbar",
    "header words": "header head masthead banner hero",
    "footer words": "footer foot colophon bottom copyright legal",
    "sidebar words": "sidebar aside rail secondary complementary widget widgets column",
    "related words": "related recommend recommended recommendations recirc more popular trending latest recent teaser "
    "teasers promo similar suggested suggestions next prev previous read also outbrain taboola mostread",
    "comment words": "comment comments commentlist disqus respond reply replies discussion responses",
    "social words": "share sharing social facebook twitter follow sharedaddy addtoany addthis whatsapp like likes",
    "ad words": "ad ads advert advertisement adsense sponsor sponsored dfp promo promotion banner affiliate",
    "cookie words": "cookie cookies consent gdpr onetrust privacy ccpa cmp",
    "newsletter words": "newsletter subscribe subscription signup sign mailchimp optin email paywall donate donation "
    "membership login register",
    "author words": "author byline bio vcard avatar contributor writer",
    "meta words": "meta date time published posted timestamp info dateline entrymeta",
    "tag words": "tag tags category categories topics label labels keywords cat",
    "content words": "content body text entry post article story copy prose richtext rte wysiwyg markdown articlebody "
    "maincontent",
    "main words": "main primary maincontent page",
    "title words": "title headline heading subtitle name",
    "summary words": "summary excerpt lead intro standfirst dek abstract description subheading",
    "modal words": "modal popup overlay lightbox dialog drawer offcanvas tooltip toast alert",
    "hidden words": "hidden hide sr reader only visually screen invisible",
    "product words": "product products price sku cart buy shop variant variants pdp item",
    "specification words": "spec specs specification specifications features feature details attributes",
    "review words": "review reviews rating ratings stars testimonial testimonials",
    "forum words": "forum thread topic message messages posts postbody posting messagebody viewtopic cooked answer "
    "answers question",
    "caption words": "caption credit credits photo image gallery media figure img slide slider carousel",
    "listing words": "list grid card cards tile tiles items results archive feed loop cell listing",
    "contents words": "toc contents outline index",
    "search words": "search filter filters facet facets sort refine",
    "form words": "form field input button btn cta control controls",
    "faq words": "faq accordion question answer collapse panel toggle",
    "footnote words": "footnote footnotes reference references citation ref sources notes",
    "quote words": "quote blockquote pullquote",
    "table words": "table infobox data row",
}
GROUPS = (*_NAMES, *_WORDS)
"""The groups that an element can belong to, by its name or its words."""
_BY_NAME: dict[str, int] = {}
for _place, _group in enumerate(_NAMES):
    for _name in _NAMES[_group]:
        _BY_NAME[_name] = _BY_NAME.get(_name, 0) | 1 << _place
_BY_WORD: dict[str, int] = {}
for _place, _group in enumerate(_WORDS, len(_NAMES)):
    for _name in _WORDS[_group].split():
        _BY_WORD[_name] = _BY_WORD.get(_name, 0) | 1 << _place
# The word of a whole page says nothing of a part of it.
_PAGE = frozenset({"html", "body"})


@lru_cache(maxsize=40_000)
def groups_of(tag: tags.Tag) -> int:
    """Return the groups of an element as bits, in the order of :data:`GROUPS`."""
    if tag.name in _PAGE:
        return 0
    bits = _BY_NAME.get(tag.name, 0)
    for word in tag.words:
        bits |= _BY_WORD.get(word, 0)
    return bits


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements that hold text, numbered from 0, the page, in the order of their start tags; what blocks see of them.

    ``first`` and ``last`` are the first and last block in each element. ``containers`` has a row for each block: the
    elements around it that hold more blocks each time, from the smallest with more than one, ``depths`` their number.
    ``distances`` are the steps from a block's element to the nearest of each group. ``signatures`` number the blocks'
    kinds of place: same names and words all the way up. ``siblings`` counts like elements beside each element.
    """

    tags: Sequence[tags.Tag]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    containers: NDArray[np.int64]
    distances: NDArray[np.float32]
    depth: NDArray[np.int64]
    signatures: NDArray[np.int64]
    siblings: NDArray[np.int64]
    ancestors: NDArray[np.int64]


def elements_of(layout: Layout, levels: int) -> Elements:
    """Return the elements of a page that has blocks. Linear in elements, and in blocks times a bounded depth."""
    numbers, parents, own = _holding(layout)
    named = [layout.tags[number] for number in numbers]
    count = len(numbers)
    first, last = _extent(parents, own, count)
    # The nearest ancestor that holds more blocks, the depth, the kind of place, and the like elements beside.
    wider, depth, signature = [0] * count, [0] * count, [0] * count
    kinds: dict[tuple[int, tags.Tag], int] = {}
    beside: dict[tuple[int, int], int] = {}
    keys = [(0, 0)] * count
    for element in range(1, count):
        parent = parents[element]
        depth[element] = depth[parent] + 1
        place = (signature[parent], named[element])
        kind = kinds.get(place)
        if kind is None:
            kind = kinds[place] = len(kinds) + 1
        signature[element] = kind
        same = first[element] == first[parent] and last[element] == last[parent]
        wider[element] = wider[parent] if same else parent
        key = keys[element] = (parent, kind)
        beside[key] = beside.get(key, 0) + 1
    owns = np.asarray(own, dtype=np.int64)
    firsts, lasts = np.asarray(first, dtype=np.int64), np.asarray(last, dtype=np.int64)
    wide = np.asarray(wider, dtype=np.int64)
    containers = np.empty((len(own), levels), dtype=np.int64)
    current = np.where(firsts[owns] == lasts[owns], wide[owns], owns)
    for level in range(levels):
        containers[:, level] = current
        current = wide[current]
    ancestors = _ancestors(owns, np.asarray(parents, dtype=np.int64))
    bits = np.fromiter(map(groups_of, named), dtype=np.int64, count=count)
    siblings = [beside.get(key, 0) for key in keys]
    return Elements(
        named,
        firsts,
        lasts,
        containers,
        _distances(bits, ancestors),
        np.asarray(depth, dtype=np.int64),
        np.asarray(signature, dtype=np.int64)[owns],
        np.asarray(siblings, dtype=np.int64),
        ancestors,
    )


def _holding(layout: Layout) -> tuple[list[int], list[int], list[int]]:
    """Return the numbers of the elements that hold text, and, counted among these, parents and each block's element."""
    parents = layout.parents
    place = {0: 0}
    for element in layout.elements:
        while element not in place:
            place[element] = 0
            element = parents[element]
    numbers = sorted(place)
    for new, number in enumerate(numbers):
        place[number] = new
    held = [0, *(place[parents[number]] for number in numbers[1:])]
    return numbers, held, [place[element] for element in layout.elements]


def _extent(parents: list[int], own: list[int], count: int) -> tuple[list[int], list[int]]:
    first, last = [len(own)] * count, [-1] * count
    for block, element in enumerate(own):
        if first[element] > block:
            first[element] = block
        last[element] = block
    for element in range(count - 1, 0, -1):
        parent = parents[element]
        if first[element] < first[parent]:
            first[parent] = first[element]
        if last[element] > last[parent]:
            last[parent] = last[element]
    return first, last


def _ancestors(own: NDArray[np.int64], parents: NDArray[np.int64]) -> NDArray[np.int64]:
    columns = [own]
    while len(columns) < _DEEPEST and columns[-1].any():
        columns.append(parents[columns[-1]])
    return np.stack(columns, axis=1)


def _distances(bits: NDArray[np.int64], ancestors: NDArray[np.int64]) -> NDArray[np.float32]:
    belongs = (bits[:, None] >> np.arange(len(GROUPS))) & 1 == 1
    result = np.full((len(ancestors), len(GROUPS)), FAR, dtype=np.float32)
    for steps in range(ancestors.shape[1] - 1, -1, -1):
        result[belongs[ancestors[:, steps]]] = steps
    return result
