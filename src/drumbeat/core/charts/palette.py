"""What each role of a picture is coloured with, on a screen and in print. It refuses to know which shape plays the role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour per role; a style sheet may overrule it through the classes `fill-<role>` and `line-<role>`."""

    ink: str
    soft: str
    faint: str
    grey: str
    line: str
    accent: str
    late: str
    missed: str
    paper: str

    def fill(self, role: str) -> dict[str, object]:
        """Attributes of a shape that is filled and not outlined."""
        return {"class": f"fill-{role}", "fill": getattr(self, role)}

    def outline(self, role: str, thickness: float) -> dict[str, object]:
        """Attributes of a shape that is outlined and not filled; thickness in units of the drawing."""
        return {
            "class": f"line-{role}",
            "fill": "none",
            "stroke": getattr(self, role),
            "stroke-width": thickness,
        }


# The style sheet colours by class; without one every role falls back to the colour of the text around it.
SCREEN = Palette(
    ink="currentColor",
    soft="currentColor",
    faint="currentColor",
    grey="currentColor",
    line="currentColor",
    accent="currentColor",
    late="currentColor",
    missed="currentColor",
    paper="Canvas",
)

# The light theme as plain sRGB: PDF and mail know no style sheet.
PRINT = Palette(
    ink="#1c1f25",
    soft="#51555c",
    faint="#6b6f75",
    grey="#a6a9ad",
    line="#e3e2df",
    accent="#345fb2",
    late="#c5770f",
    missed="#c52b30",
    paper="#ffffff",
)
