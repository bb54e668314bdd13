"""The colours of the look as static/look/tokens.css has them, and how well one can be read on another (WCAG 2, 1.4.3)."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

SCHEMES = ("light", "dark")
READABLE, SEEN = 4.5, 3.0
STAGES = ("draft", "informal", "formal", "signing", "assessment", "evaluation", "appeal", "closed")
# What is written on which ground.
TEXT = [
    *(("ink", ground) for ground in ("paper", "card", "raised", "head", "hover", "neutral-soft", "brand-soft", "ok-soft", "warn-soft", "bad-soft", "info-soft", "differs")),
    *(("soft", ground) for ground in ("paper", "card", "raised", "head", "hover", "neutral-soft", "brand-soft", "differs")),
    *((state, f"{state}-soft") for state in (*STAGES, "neutral", "ok", "warn", "bad", "info", "new", "old")),
    *((state, ground) for state in ("ok", "warn", "bad", "link", "brand-ink") for ground in ("card", "paper", "head", "brand-soft")),
    *((ink, ground) for ink in ("rail-ink", "rail-soft", "rail-bright") for ground in ("rail", "rail-on")),
    *(("heat-ink", f"heat-{number}") for number in range(1, 6)),
    ("link", "hover"), ("link", "bad-soft"), ("link", "differs"), ("bad", "differs"), ("hit-ink", "hit"), ("on-brand", "brand"), ("on-brand", "brand-hover"),
]  # fmt: skip
# Edges, rings and bars that must be seen against what lies round them.
SHAPES = [
    ("edge", "card"), ("edge", "paper"), ("edge", "raised"), ("focus", "paper"), ("focus", "card"), ("ok-fill", "card"),
    ("bad-fill", "card"), ("on-brand", "ok-fill"), ("gold", "rail"), *((stage, "card") for stage in STAGES),
]  # fmt: skip


def tokens(scheme):
    """{name: #rrggbb} of every colour in the light or the dark scheme."""
    text = Path(finders.find("look/tokens.css")).read_text()
    one = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
    two = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    return one | {name: light if scheme == "light" else dark for name, light, dark in two}


def contrast(first, second):
    """The ratio of two colours, from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def faint(pairs, scheme, least):
    """{pair: ratio} of the pairs that fall short of `least`."""
    colour = tokens(scheme)
    ratios = {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs}
    return {pair: ratio for pair, ratio in ratios.items() if ratio < least}
