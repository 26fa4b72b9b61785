"""The pencils of the demonstration's pictures: flat shapes in one palette, as SVG text."""

import math
import random
from collections.abc import Iterable, Sequence
from typing import Final

WIDTH: Final = 1600
HEIGHT: Final = 900

INK: Final = "#12161c"
NIGHT: Final = "#101b38"
DUSK: Final = "#2b3a60"
SLATE: Final = "#46536f"
MAUVE: Final = "#76708c"
MIST: Final = "#c6cfda"
PAPER: Final = "#f3eee3"
SAND: Final = "#dccfb4"
PEACH: Final = "#efb184"
LAMP: Final = "#ffe7a3"
BLUE: Final = "#1846c2"
SKY: Final = "#9fb6dc"
GREEN: Final = "#00694a"
LEAF: Final = "#2f8a68"
RED: Final = "#b3392c"
BRICK: Final = "#8d4c3d"
UMBER: Final = "#5b3a31"
SKINS: Final = ("#8a5a3c", "#d9a57e", "#6b432c", "#edc3a0", "#b77b54")

type Point = tuple[float, float]


class Sheet:
    """One picture: shapes are put on it from the back to the front."""

    def __init__(self, seed: int = 1, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
        self.size = size
        self.random = random.Random(seed)  # noqa: S311 - the same picture at every run
        self.parts: list[str] = []
        self.definitions: list[str] = []

    def add(self, svg: str) -> None:
        self.parts.append(svg)

    def svg(self) -> str:
        """Return the picture, with the grain of the paper over all of it."""
        w, h = self.size
        grain = (
            '<filter id="grain" x="0" y="0" width="100%" height="100%"><feTurbulence '
            'type="fractalNoise" baseFrequency=".9" numOctaves="2" seed="4"/><feColorMatrix '
            'values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  0 0 0 .55 -.12"/></filter>'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
            f'viewBox="0 0 {w} {h}"><defs>{grain}{"".join(self.definitions)}</defs>'
            f'{"".join(self.parts)}<rect width="{w}" height="{h}" filter="url(#grain)" '
            'opacity=".10"/></svg>'
        )

    def rect(self, x: float, y: float, w: float, h: float, fill: str, more: str = "") -> None:
        self.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" {more}/>'
        )

    def circle(self, x: float, y: float, r: float, fill: str, more: str = "") -> None:
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" {more}/>')

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> None:
        self.add(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}" {more}/>'
        )

    def shape(self, points: Iterable[Point], fill: str, more: str = "") -> None:
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(f'<polygon points="{text}" fill="{fill}" {more}/>')

    def path(self, d: str, fill: str = "none", more: str = "") -> None:
        self.add(f'<path d="{d}" fill="{fill}" {more}/>')

    def line(self, x: float, y: float, x2: float, y2: float, colour: str, w: float = 4) -> None:
        self.add(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{w}" stroke-linecap="round"/>'
        )

    def shade(self, y: float, h: float, *colours: str) -> None:
        """Fill a band from edge to edge, blending its colours downwards."""
        name = f"g{len(self.definitions)}"
        stops = "".join(
            f'<stop offset="{at / (len(colours) - 1):.3f}" stop-color="{colour}"/>'
            for at, colour in enumerate(colours)
        )
        self.definitions.append(
            f'<linearGradient id="{name}" x2="0" y2="1">{stops}</linearGradient>'
        )
        self.rect(0, y, self.size[0], h, f"url(#{name})")

    def glow(self, x: float, y: float, r: float, colour: str = LAMP, strength: float = 0.6) -> None:
        name = f"g{len(self.definitions)}"
        self.definitions.append(
            f'<radialGradient id="{name}"><stop offset="0" stop-color="{colour}" '
            f'stop-opacity="{strength}"/><stop offset="1" stop-color="{colour}" '
            'stop-opacity="0"/></radialGradient>'
        )
        self.circle(x, y, r, f"url(#{name})")

    def hills(self, y: float, height: float, colour: str, waves: float = 2.0) -> None:
        phase = self.random.uniform(0, 6)
        points = [(0.0, 900.0)]
        for x in range(0, WIDTH + 20, 20):
            at = x / WIDTH * math.tau * waves
            rise = math.sin(at + phase) + 0.45 * math.sin(2.3 * at + phase * 2)
            points.append((x, y - height * (0.5 + rise / 2.9)))
        self.shape([*points, (WIDTH, HEIGHT)], colour)

    def ripples(self, top: float, bottom: float, colours: Sequence[str], number: int = 160) -> None:
        """Draw the sea's short strokes, longer and heavier towards the viewer."""
        for _ in range(number):
            near = self.random.random() ** 0.7
            y = top + near * (bottom - top)
            x = self.random.uniform(-40, WIDTH)
            length = 12 + near * self.random.uniform(30, 150)
            colour = self.random.choice(list(colours))
            self.rect(
                x, y, length, 1.5 + 2.5 * near, colour, f'rx="2" opacity="{0.25 + near * 0.3:.2f}"'
            )

    def mirror(self, x: float, y: float, w: float, colour: str, length: float = 160) -> None:
        """Draw a light's broken reflection, downwards from the water's edge."""
        step = 0.0
        while step < length:
            spread = w * (0.5 + self.random.random() * 0.9)
            shift = self.random.uniform(-w, w) * 0.25
            fade = 0.75 * (1 - step / length)
            self.rect(
                x - spread / 2 + shift, y + step, spread, 5, colour, f'rx="2" opacity="{fade:.2f}"'
            )
            step += 11

    def windows(
        self,
        box: tuple[float, float, float, float],
        columns: int,
        rows: int,
        lit: float,
        colours: tuple[str, str] = (LAMP, DUSK),
    ) -> None:
        """Fill a box with a grid of windows, of which a share `lit` has light."""
        x, y, w, h = box
        cw, rh = w / columns, h / rows
        for row in range(rows):
            for column in range(columns):
                colour = colours[0] if self.random.random() < lit else colours[1]
                self.rect(
                    x + column * cw + cw * 0.25, y + row * rh + rh * 0.2, cw * 0.5, rh * 0.6, colour
                )

    def house(
        self,
        x: float,
        base: float,
        w: float,
        h: float,
        wall: str,
        roof: str,
        lit: float = 0.4,
        panes: tuple[str, str] = (LAMP, DUSK),
    ) -> None:
        self.rect(x, base - h, w, h, wall)
        pitch = w * 0.42
        self.shape([(x - 6, base - h), (x + w / 2, base - h - pitch), (x + w + 6, base - h)], roof)
        columns = max(2, round(w / 48))
        self.windows(
            (x + 4, base - h + 10, w - 8, h - 34), columns, max(1, round(h / 70)), lit, panes
        )

    def town(
        self,
        base: float,
        start: float,
        end: float,
        walls: Sequence[str],
        roofs: Sequence[str],
        size: float = 1.0,
        lit: float = 0.4,
        panes: tuple[str, str] = (LAMP, DUSK),
    ) -> None:
        """Draw a row of gabled houses."""
        x = start
        while x < end:
            w = self.random.uniform(70, 120) * size
            h = self.random.uniform(80, 190) * size
            self.house(
                x,
                base,
                w,
                h,
                self.random.choice(list(walls)),
                self.random.choice(list(roofs)),
                lit,
                panes,
            )
            x += w + 1

    def lamp(self, x: float, base: float, h: float, colour: str = INK) -> None:
        self.line(x, base, x, base - h, colour, 7)
        self.line(x, base - h, x + 34, base - h, colour, 6)
        self.rect(x + 18, base - h, 32, 12, colour, 'rx="3"')
        self.glow(x + 34, base - h + 14, 150, LAMP, 0.75)
        self.ellipse(x + 34, base - h + 15, 13, 6, "#fff6d8")

    def person(
        self,
        x: float,
        base: float,
        h: float,
        coat: str,
        skin: str = SKINS[1],
        hair: str = INK,
        legs: str = INK,
        *,
        walking: bool = False,
    ) -> None:
        """Draw somebody standing: legs, coat, head; `x` is their middle, `base` their feet."""
        u = h / 8
        step = 0.55 * u if walking else 0.18 * u
        self.line(x - 0.35 * u, base - 3.2 * u, x - 0.4 * u - step, base, legs, 0.7 * u)
        self.line(x + 0.35 * u, base - 3.2 * u, x + 0.4 * u + step, base, legs, 0.7 * u)
        self.path(
            f"M{x - 1.05 * u:.1f},{base - 2.6 * u:.1f} L{x - 0.95 * u:.1f},{base - 5.8 * u:.1f} "
            f"Q{x:.1f},{base - 7.2 * u:.1f} {x + 0.95 * u:.1f},{base - 5.8 * u:.1f} "
            f"L{x + 1.05 * u:.1f},{base - 2.6 * u:.1f} Z",
            coat,
        )
        self.circle(x, base - 7.1 * u, 0.78 * u, skin)
        self.path(
            f"M{x - 0.84 * u:.1f},{base - 7.0 * u:.1f} A{0.84 * u:.1f},{0.9 * u:.1f} 0 0 1 "
            f"{x + 0.84 * u:.1f},{base - 7.0 * u:.1f} Q{x:.1f},{base - 7.75 * u:.1f} "
            f"{x - 0.84 * u:.1f},{base - 7.0 * u:.1f} Z",
            hair,
        )

    def bust(self, x: float, base: float, h: float, coat: str, skin: str, hair: str) -> None:
        """Draw somebody who sits behind something: shoulders and head."""
        u = h / 3
        self.path(
            f"M{x - 1.25 * u:.1f},{base:.1f} Q{x - 1.2 * u:.1f},{base - 1.5 * u:.1f} {x:.1f},"
            f"{base - 1.6 * u:.1f} Q{x + 1.2 * u:.1f},{base - 1.5 * u:.1f} {x + 1.25 * u:.1f},{base:.1f} Z",
            coat,
        )
        self.circle(x, base - 2.1 * u, 0.75 * u, skin)
        self.path(
            f"M{x - 0.8 * u:.1f},{base - 2.0 * u:.1f} A{0.8 * u:.1f},{0.85 * u:.1f} 0 0 1 "
            f"{x + 0.8 * u:.1f},{base - 2.0 * u:.1f} Q{x:.1f},{base - 2.6 * u:.1f} "
            f"{x - 0.8 * u:.1f},{base - 2.0 * u:.1f} Z",
            hair,
        )

    def boat(self, x: float, y: float, w: float, hull: str, cabin: str = PAPER) -> None:
        """Draw a small work boat; `y` is its waterline."""
        h = w * 0.2
        self.rect(x + w * 0.42, y - h * 2.1, w * 0.26, h * 1.3, cabin)
        self.rect(x + w * 0.46, y - h * 1.85, w * 0.07, h * 0.45, DUSK)
        self.rect(x + w * 0.56, y - h * 1.85, w * 0.07, h * 0.45, DUSK)
        self.line(x + w * 0.3, y - h * 0.8, x + w * 0.3, y - h * 4, INK, max(2, w * 0.014))
        self.line(x + w * 0.3, y - h * 3.8, x + w * 0.05, y - h, INK, 1.5)
        self.path(
            f"M{x:.1f},{y - h * 1.15:.1f} L{x + w:.1f},{y - h * 0.85:.1f} Q{x + w * 0.96:.1f},{y:.1f} "
            f"{x + w * 0.86:.1f},{y:.1f} L{x + w * 0.16:.1f},{y:.1f} Q{x + w * 0.05:.1f},{y - h * 0.4:.1f} "
            f"{x:.1f},{y - h * 1.15:.1f} Z",
            hull,
        )
        self.rect(x + w * 0.05, y - h * 0.84, w * 0.9, h * 0.12, PAPER, 'opacity=".8"')

    def lighthouse(self, x: float, base: float, h: float, *, lit: bool = True) -> None:
        w = h * 0.17
        for band in range(5):
            top, bottom = base - h * (band + 1) / 5, base - h * band / 5
            narrow, wide = w * (1 - 0.07 * (band + 1)), w * (1 - 0.07 * band)
            self.shape(
                [
                    (x - wide / 2, bottom),
                    (x + wide / 2, bottom),
                    (x + narrow / 2, top),
                    (x - narrow / 2, top),
                ],
                RED if band % 2 else PAPER,
            )
        self.rect(x - w * 0.42, base - h - w * 0.1, w * 0.84, w * 0.12, INK)
        self.rect(x - w * 0.22, base - h - w * 0.6, w * 0.44, w * 0.5, LAMP if lit else MIST)
        self.shape(
            [
                (x - w * 0.32, base - h - w * 0.6),
                (x, base - h - w),
                (x + w * 0.32, base - h - w * 0.6),
            ],
            INK,
        )
        if lit:
            self.glow(x, base - h - w * 0.35, h * 0.6, LAMP, 0.8)
