"""What the pages promise to every eye and to a strict content policy, read from the files themselves."""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

import drumbeat
from drumbeat.core.charts import PRINT

HOUSE = Path(drumbeat.__file__).parent
STYLES = HOUSE / "static" / "drumbeat"
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
TOKEN = re.compile(r"--([a-z-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);")
THEMES = ("light", "dark")


def tokens(theme: str) -> dict[str, tuple[float, float, float]]:
    found = TOKEN.findall((STYLES / "tokens.css").read_text())
    return {name: to_srgb(*map(float, pair[THEMES.index(theme)].split())) for name, *pair in found}


def to_srgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Björn Ottosson's OKLab matrices, then the sRGB transfer curve; channels 0..1, clipped to the gamut."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (_encoded(min(max(channel, 0.0), 1.0)) for channel in linear)
    return red, green, blue


def _encoded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *[
            (front, back, 4.5)
            for front in ("ink", "soft", "missed", "accent")
            for back in ("paper", "raised", "wash", "rail")
        ],
        ("faint", "paper", 4.5),
        ("ink", "picked", 4.5),
        ("ink", "grey", 4.5),
        ("on-accent", "accent", 4.5),
        ("paper", "missed", 4.5),
        *[(front, "paper", 3.0) for front in ("late", "edge")],
        ("edge", "raised", 3.0),
    ],
)
def test_text_and_signs_stand_out_in_both_themes(theme, front, back, least):
    colours = tokens(theme)
    assert contrast(colours[front], colours[back]) >= least


@pytest.mark.parametrize("role", ["ink", "soft", "faint", "accent", "late", "missed"])
def test_paper_is_printed_in_the_colours_of_the_light_theme(role):
    printed = [int(getattr(PRINT, role)[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    assert printed == pytest.approx(tokens("light")[role], abs=0.02)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_a_strict_content_policy_refuses(template):
    markup = re.sub(r"\{#.*?#\}", "", template.read_text())
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*\ssrc=)", markup)
    assert len(markup.splitlines()) <= 150


@pytest.mark.parametrize("sheet", ["tokens.css", "base.css", "parts.css"])
def test_style_sheets_reach_nothing_outside_and_exist_where_they_point(sheet):
    addresses = re.findall(r'url\("([^"]+)"\)', (STYLES / sheet).read_text())
    assert all((STYLES / address).is_file() for address in addresses)
    assert len((STYLES / sheet).read_text().splitlines()) < 300
