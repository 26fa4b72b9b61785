"""The scenes of Orrin, one function each, from the back to the front."""

from collections.abc import Callable
from typing import Final

from demo_drawing import (
    BLUE,
    BRICK,
    GREEN,
    HEIGHT,
    INK,
    LAMP,
    LEAF,
    PAPER,
    RED,
    SKINS,
    SLATE,
    UMBER,
    WIDTH,
    Sheet,
)

WALLS: Final = ("#d8cdb8", "#c3b49b", "#b7776a", "#9fb0bd", "#cfc4c0", "#e4dccb")
ROOFS: Final = ("#5b4a4a", "#47505e", "#7a4a40")
DARK_WALLS: Final = ("#202b47", "#263353", "#1b2440", "#2c3756")


def quay() -> str:
    s = Sheet(3)
    s.shade(0, 520, "#a9c3dd", "#d5dde0", "#f2dfc4")
    s.circle(1290, 300, 62, "#fbe9c0")
    s.glow(1290, 300, 320, "#fff0c8", 0.7)
    s.hills(420, 90, "#9db0c2", 1.4)
    s.hills(465, 60, "#7f95a8", 2.2)
    s.town(520, 40, 960, WALLS, ROOFS, 1.15, 0.05, (LAMP, "#56657a"))
    s.shade(520, 260, "#8fb0c4", "#5c86a4", "#3f6a8c")
    s.ripples(530, 760, ("#dfeaf0", "#34597a", "#f4dfbd"), 220)
    for x, y, w, hull in ((180, 610, 330, BLUE), (620, 575, 230, GREEN), (980, 640, 400, RED)):
        s.boat(x, y, w, hull)
    s.shade(748, 152, "#8b8577", "#736d62")
    s.rect(0, 740, WIDTH, 20, "#a59e8d")
    for x in range(90, 1600, 250):
        s.rect(x, 690, 34, 56, "#2b3036", 'rx="6"')
        s.ellipse(x + 17, 690, 25, 10, "#3a4148")
    s.path("M107 706 Q150 740 250 630", more='stroke="#c9b98f" stroke-width="5"')
    s.path("M857 706 Q940 740 1010 640", more='stroke="#c9b98f" stroke-width="5"')
    for x, y, colour in ((470, 770, LEAF), (560, 770, "#c98a43"), (515, 716, BLUE)):
        s.rect(x, y, 84, 54, colour, 'rx="4"')
        s.line(x + 8, y + 18, x + 76, y + 18, "#00000033", 5)
        s.line(x + 8, y + 36, x + 76, y + 36, "#00000033", 5)
    s.person(760, 860, 200, "#c98a43", SKINS[3], "#6b4a2f")
    s.person(1230, 850, 190, "#24406e", SKINS[2], INK, walking=True)
    return s.svg()


def rope_works() -> str:
    s = Sheet(5)
    s.shade(0, 640, "#b8c8d8", "#dfe2df", "#efe2cd")
    s.hills(470, 60, "#a8b6bd", 1.6)
    s.shape([(0, 300), (1600, 430), (1600, 640), (0, 720)], BRICK)
    s.shape([(0, 300), (1600, 430), (1600, 404), (0, 216)], "#4b4f59")
    for i in range(22):  # roof lights, smaller with the distance
        f = 0.9**i
        x = 1600 * (1 - f) * 1.06
        w = 92 * f
        s.shape(
            [
                (x + 20, 300 + x * 0.08 - 62 * f - 8),
                (x + 20 + w, 300 + (x + w) * 0.08 - 62 * f - 8),
                (x + 20 + w, 300 + (x + w) * 0.08 - 24 * f - 4),
                (x + 20, 300 + x * 0.08 - 24 * f - 4),
            ],
            "#8aa3b5",
        )
        top, low = 344 + x * 0.075, 650 - x * 0.045
        h = (low - top) * 0.62
        s.path(
            f"M{x + 30:.0f},{low:.0f} V{low - h:.0f} Q{x + 30 + w / 2:.0f},{low - h - w * 0.5:.0f} "
            f"{x + 30 + w:.0f},{low - h:.0f} V{low:.0f} Z",
            "#5d2f26",
        )
        s.path(
            f"M{x + 36:.0f},{low - 6:.0f} V{low - h:.0f} Q{x + 30 + w / 2:.0f},{low - h - w * 0.42:.0f} "
            f"{x + 24 + w:.0f},{low - h:.0f} V{low - 6:.0f} Z",
            "#33404f" if i % 5 else "#7f95a8",
        )
        s.line(x + 30 + w / 2, low - 6, x + 30 + w / 2, low - h - w * 0.2, "#5d2f26", 4 * f)
    s.shade(690, 210, "#a59b86", "#8d836f")
    s.shape([(0, 720), (1600, 640), (1600, 900), (0, 900)], "#9a907c")
    s.shape([(0, 742), (1600, 652), (1600, 664), (0, 790)], "#b8ae98")
    for x in range(30, 1500, 37):  # grass along the wall
        y = 722 - x * 0.05
        s.shape([(x, y), (x + 4, y - s.random.uniform(10, 30)), (x + 9, y)], LEAF)
    s.rect(1130, 560, 12, 190, UMBER)
    s.rect(1010, 470, 250, 120, PAPER, 'rx="3"')
    s.rect(1030, 494, 150, 16, RED)
    for y in (526, 546, 566):
        s.rect(1030, y, 205 if y != 566 else 130, 7, "#8d8677")
    s.person(880, 830, 230, "#24406e", SKINS[4], "#3a2a22", walking=True)
    s.person(760, 845, 150, RED, SKINS[1], "#6b4a2f", walking=True)
    return s.svg()


def chamber() -> str:
    s = Sheet(8)
    s.shade(0, HEIGHT, "#5a4a40", "#6e5a4b", "#493a32")
    for x in (120, 470, 1020, 1370):
        s.rect(x - 20, 90, 150, 420, "#46372f")
        s.path(f"M{x},510 V190 A55,70 0 0 1 {x + 110},190 V510 Z", "#22304f")
        s.line(x + 55, 130, x + 55, 510, "#46372f", 6)
        for y in (230, 330, 430):
            s.line(x, y, x + 110, y, "#46372f", 5)
        s.glow(x + 34, 400, 40, LAMP, 0.5)
    s.rect(690, 60, 220, 300, "#46372f")
    s.rect(704, 74, 192, 272, "#8fa6b8")
    s.hills(0, 0, "none")
    s.shape([(704, 290), (770, 250), (850, 280), (896, 255), (896, 346), (704, 346)], "#3f6a8c")
    s.boat(745, 305, 90, INK)
    s.line(800, 0, 800, 40, INK, 4)
    for x in (640, 720, 800, 880, 960):
        s.circle(x, 52, 13, "#fff2c6")
        s.glow(x, 52, 130, LAMP, 0.28)
    s.line(630, 66, 970, 66, "#2f2521", 6)
    s.rect(560, 430, 480, 130, "#3a2b25")
    s.rect(540, 420, 520, 18, "#a07a55")
    for x, coat, skin, hair in (
        (670, "#24406e", SKINS[1], "#d8d2c6"),
        (800, RED, SKINS[2], INK),
        (930, "#3d4a45", SKINS[3], "#7a5234"),
    ):
        s.bust(x, 424, 150, coat, skin, hair)
    coats = ("#2f4a76", "#3f5c52", "#6d4a5a", "#8a6a3d", "#30343c", "#56657a")
    for row, (y, spread, size) in enumerate(((640, 500, 118), (770, 700, 145))):
        for k in range(7 - row):
            x = 800 + (k - (6 - row) / 2) * spread * 2 / 6
            lift = abs(x - 800) * 0.09
            s.bust(
                x,
                y - lift + 6,
                size,
                s.random.choice(coats),
                s.random.choice(SKINS),
                s.random.choice((INK, "#4a3226", "#cfc6b6", "#2c2320")),
            )
        s.path(
            f"M0,{y - 60} Q800,{y + 52} 1600,{y - 60} V{y + 40} Q800,{y + 120} 0,{y + 40} Z",
            "#7c5b41" if row else "#6a4c37",
        )
        s.path(
            f"M0,{y - 60} Q800,{y + 52} 1600,{y - 60} V{y - 42} Q800,{y + 70} 0,{y - 42} Z",
            "#a07a55",
        )
    for x in (420, 800, 1180):
        s.shape([(x - 46, 838), (x + 40, 832), (x + 52, 862), (x - 40, 868)], PAPER)
    s.shade(872, 28, "#33261f", "#2a1f1a")
    return s.svg()


def seals() -> str:
    s = Sheet(11)
    s.shade(0, 470, "#c3d2de", "#dfe0da", "#f3dcc0")
    s.glow(420, 420, 460, "#ffe6bf", 0.8)
    s.hills(440, 70, "#a9b8c4", 1.2)
    s.lighthouse(1330, 452, 190, lit=False)
    s.shape(
        [(1180, 470), (1240, 448), (1450, 440), (1600, 430), (1600, 480), (1180, 480)], "#5c6470"
    )
    s.shade(468, 432, "#a6bccb", "#6f94ad", "#34607f")
    s.ripples(480, 890, ("#eef3f4", "#2f5878", "#f4dcbd"), 320)
    s.boat(860, 560, 250, "#d8832f")
    for x, coat in ((905, BLUE), (935, RED), (1075, GREEN)):
        s.bust(x, 522, 40, coat, SKINS[x % 5], INK)
    s.path(
        "M-20,900 L-20,700 Q120,640 260,690 Q420,640 560,712 Q700,690 800,760 Q880,790 930,900 Z",
        "#3b424b",
    )
    s.path(
        "M-20,712 Q120,652 260,702 Q420,652 560,724 Q690,704 790,768 Q700,740 560,760 Q420,690 250,740 Q120,690 -20,750 Z",
        "#59626d",
    )

    def seal(x: float, y: float, w: float, colour: str, flip: int) -> None:
        h = w * 0.34
        s.add(f'<g transform="translate({x},{y}) scale({flip},1)">')
        s.path(
            f"M0,0 Q{w * 0.1:.0f},{-h * 0.7:.0f} {w * 0.5:.0f},{-h * 0.85:.0f} Q{w * 0.72:.0f},{-h:.0f} {w * 0.8:.0f},{-h * 1.55:.0f} "
            f"Q{w * 0.9:.0f},{-h * 2.0:.0f} {w * 1.0:.0f},{-h * 1.6:.0f} Q{w * 1.06:.0f},{-h * 1.4:.0f} {w * 0.99:.0f},{-h * 1.1:.0f} "
            f"Q{w * 0.98:.0f},{-h * 0.3:.0f} {w * 0.86:.0f},0 Z",
            colour,
        )
        s.path(
            f"M{w * 0.62:.0f},{-h * 0.15:.0f} Q{w * 0.78:.0f},{-h * 0.1:.0f} {w * 0.8:.0f},{h * 0.3:.0f} L{w * 0.62:.0f},{h * 0.22:.0f} Z",
            "#00000055",
        )
        s.shape([(0, 0), (-w * 0.16, -h * 0.3), (-w * 0.13, h * 0.12)], colour)
        s.circle(w * 0.94, -h * 1.55, w * 0.018, INK)
        s.circle(w * 1.035, -h * 1.42, w * 0.02, INK)
        s.add("</g>")

    seal(60, 730, 250, "#98a0a8", 1)
    seal(540, 712, 220, "#7d858e", -1)
    seal(470, 800, 280, "#b3b5b3", 1)
    seal(120, 870, 260, "#8a8f94", 1)
    for x, y in ((1050, 700), (1190, 640), (1330, 740)):
        s.path(
            f"M{x - 30},{y} Q{x - 30},{y - 46} {x},{y - 46} Q{x + 34},{y - 44} {x + 30},{y} Z",
            "#4a5562",
        )
        s.circle(x + 14, y - 26, 4, INK)
        s.ellipse(x, y + 2, 60, 7, "#dfeaf0", 'opacity=".5"')
    return s.svg()


def night_bus() -> str:
    s = Sheet(13)
    s.shade(0, 640, "#0d1630", "#1b2748", "#34406a")
    s.town(640, 0, 1600, DARK_WALLS, ("#141c33", "#1a2340"), 1.7, 0.3, (LAMP, "#18213b"))
    s.shade(636, 264, "#2a3350", "#161d33")
    s.rect(0, 632, WIDTH, 10, "#4a5270")
    for x in (200, 1440):
        s.lamp(x, 640, 340)
    s.mirror(1474, 660, 60, LAMP, 180)
    s.mirror(234, 660, 60, LAMP, 180)
    # the bus
    s.glow(700, 600, 620, LAMP, 0.28)
    s.rect(300, 360, 800, 330, "#e9e4d8", 'rx="30"')
    s.rect(300, 560, 800, 90, GREEN)
    s.rect(330, 400, 620, 140, "#ffe9b0", 'rx="10"')
    for x in range(450, 940, 124):
        s.rect(x, 400, 12, 140, "#d8d0bf")
    for x, coat, skin, hair in (
        (395, "#56657a", SKINS[0], INK),
        (520, "#8a3f36", SKINS[3], "#6b4a2f"),
        (760, "#2f4a76", SKINS[2], INK),
    ):
        s.bust(x, 540, 100, coat, skin, hair)
    s.rect(975, 396, 96, 254, "#ffefc2", 'rx="8"')
    s.line(1023, 396, 1023, 650, "#b9b09d", 6)
    s.rect(690, 370, 250, 26, INK, 'rx="4"')
    s.add(
        f'<text x="815" y="391" font-family="Libre Franklin,sans-serif" font-size="21" font-weight="700" letter-spacing="3" text-anchor="middle" fill="{LAMP}">N4  EASTSIDE</text>'
    )
    for x in (450, 930):
        s.circle(x, 690, 56, "#10141c")
        s.circle(x, 690, 24, "#8b8f96")
    s.circle(1092, 610, 14, "#fff6d8")
    s.glow(1110, 612, 240, "#fff6d8", 0.6)
    s.mirror(640, 752, 520, "#c9b98f", 90)
    # the stop
    s.rect(1236, 430, 10, 300, "#c6cfda")
    s.circle(1241, 420, 42, BLUE)
    s.rect(1222, 404, 38, 24, PAPER, 'rx="4"')
    s.person(1178, 740, 200, RED, SKINS[0], INK)
    s.person(1330, 752, 210, "#3f5c52", SKINS[4], "#cfc6b6", walking=True)
    for _ in range(240):
        x, y = s.random.uniform(0, 1640), s.random.uniform(-20, 900)
        s.line(x, y, x - 9, y + 30, "#c6d4ea33", 2)
    return s.svg()


def market() -> str:
    s = Sheet(17)
    s.shade(0, 560, "#9dbbd9", "#cfdce2", "#f4e6cd")
    s.town(560, -20, 1600, WALLS, ROOFS, 1.8, 0.0, (LAMP, "#55647a"))
    s.rect(760, 120, 90, 440, "#cfc4b0")
    s.shape([(745, 120), (805, 20), (865, 120)], "#4b4f59")
    s.circle(805, 190, 32, PAPER)
    s.line(805, 190, 805, 168, INK, 4)
    s.line(805, 190, 822, 196, INK, 4)
    s.shade(556, 344, "#c9bfa9", "#a99e87")
    for y in range(600, 900, 44):
        s.rect(0, y, WIDTH, 3, "#8d836f", 'opacity=".35"')

    def stall(
        x: float, y: float, w: float, colour: str, goods: tuple[str, ...], size: float
    ) -> None:
        s.line(x + 16, y - 250 * size, x + 16, y, UMBER, 9)
        s.line(x + w - 16, y - 250 * size, x + w - 16, y, UMBER, 9)
        s.rect(x + 6, y - 210 * size, w - 12, 130 * size, "#00000030")
        stripes = 9
        for k in range(stripes):
            c = colour if k % 2 == 0 else PAPER
            a, b = x - 20 + (w + 40) * k / stripes, x - 20 + (w + 40) * (k + 1) / stripes
            ta, tb = x + 30 + (w - 60) * k / stripes, x + 30 + (w - 60) * (k + 1) / stripes
            top, low = y - 330 * size, y - 235 * size
            s.path(
                f"M{ta:.0f},{top:.0f} H{tb:.0f} L{b:.0f},{low:.0f} A{(b - a) / 2:.0f},{(b - a) / 2.4:.0f} 0 0 1 {a:.0f},{low:.0f} Z",
                c,
            )
        s.rect(x, y - 92 * size, w, 92 * size, "#7c5b41")
        for k in range(4):
            bx = x + 12 + k * (w - 24) / 4
            s.shape(
                [
                    (bx, y - 92 * size),
                    (bx + (w - 48) / 4, y - 92 * size),
                    (bx + (w - 60) / 4, y - 40 * size),
                    (bx + 8, y - 40 * size),
                ],
                "#a8794f",
            )
            for j in range(7):
                s.circle(
                    bx + 16 + (j % 4) * (w - 90) / 16,
                    y - 94 * size - (j // 4) * 15 * size,
                    12 * size,
                    goods[(k + j // 5) % len(goods)],
                )

    s.bust(330, 604, 122, "#3f5c52", SKINS[3], "#6b4a2f")
    s.bust(1130, 594, 122, "#8a3f36", SKINS[2], INK)
    stall(120, 690, 430, GREEN, ("#c2402f", "#e0a13a", "#5f8f3f"), 1.0)
    stall(930, 680, 430, BLUE, ("#b9c6cf", "#8fa6b8", "#d6dde2"), 1.0)
    s.person(640, 800, 270, "#d8a13f", SKINS[0], INK)
    s.person(740, 815, 170, RED, SKINS[0], INK, walking=True)
    s.person(860, 770, 240, "#2f4a76", SKINS[1], "#cfc6b6", walking=True)
    s.person(1450, 850, 300, "#56657a", SKINS[4], "#3a2a22", walking=True)
    for x0, y0, x1, y1 in ((0, 130, 790, 150), (820, 150, 1600, 110)):
        s.path(
            f"M{x0},{y0} Q{(x0 + x1) / 2},{y0 + 90} {x1},{y1}",
            more='stroke="#55505a" stroke-width="3"',
        )
        for k in range(1, 12):
            t = k / 12
            x = x0 + (x1 - x0) * t
            y = (1 - t) ** 2 * y0 + 2 * t * (1 - t) * (y0 + 90) + t * t * y1
            s.shape([(x - 18, y), (x + 18, y), (x, y + 40)], (RED, BLUE, GREEN, "#e0a13a")[k % 4])
    return s.svg()


def school() -> str:
    s = Sheet(19)
    s.shade(0, 600, "#a9c6e0", "#d9e3e2", "#f3e8d2")
    s.hills(560, 80, "#9db79f", 1.7)
    s.rect(300, 290, 1000, 370, "#c9a184")
    s.shape([(260, 290), (800, 110), (1340, 290)], "#54505a")
    s.rect(740, 60, 120, 150, "#c9a184")
    s.shape([(722, 62), (800, -20), (878, 62)], "#54505a")
    s.path("M776,150 V110 A24,26 0 0 1 824,110 V150 Z", "#33404f")
    s.circle(800, 138, 13, "#d8a13f")
    s.windows((330, 330, 390, 300), 5, 2, 0.35, ("#ffe9b0", "#5f7d96"))
    s.windows((880, 330, 390, 300), 5, 2, 0.35, ("#ffe9b0", "#5f7d96"))
    s.path("M740,660 V470 A60,60 0 0 1 860,470 V660 Z", GREEN)
    s.line(800, 410, 800, 660, "#00000044", 4)
    s.rect(690, 372, 220, 34, PAPER, 'rx="3"')
    s.add(
        f'<text x="800" y="397" font-family="Besley,serif" font-size="23" font-weight="600" text-anchor="middle" fill="{INK}">TAR LANE SCHOOL</text>'
    )
    # blue sheeting where the roof leaks
    s.shape([(960, 162), (1180, 236), (1110, 262), (900, 190)], BLUE)
    for x, y in ((905, 190), (1012, 222), (1112, 262)):
        s.line(x, y, x, y + 26, INK, 3)
    s.shade(656, 244, "#b9b29e", "#9a937f")
    s.path("M-20,900 L700,660 H900 L1620,900 Z", "#cdc6b3")
    colours = (RED, BLUE, "#d8a13f", LEAF, "#8a5a7a", "#3f6a8c")
    for k in range(9):
        x = 210 + k * 150 + s.random.uniform(-30, 30)
        y = 730 + abs(k - 4) * 22 + s.random.uniform(0, 50)
        s.person(
            x,
            y,
            125 + s.random.uniform(0, 30),
            colours[k % 6],
            SKINS[k % 5],
            (INK, "#6b4a2f", "#8b5a34")[k % 3],
            walking=k % 2 == 0,
        )
    for x, r in ((120, 150), (1480, 170)):
        s.rect(x - 14, 520, 28, 190, UMBER)
        s.circle(x, 440, r, "#5f8f5f")
        s.circle(x - 40, 400, r * 0.6, "#79a672")
    return s.svg()


def storm() -> str:
    s = Sheet(23)
    s.shade(0, 560, "#2c3648", "#59657a", "#a3a7ab")
    for _ in range(26):
        s.ellipse(
            s.random.uniform(0, 1600),
            s.random.uniform(20, 300),
            s.random.uniform(120, 320),
            s.random.uniform(20, 56),
            s.random.choice(("#3b4659", "#4b5669", "#262f40")),
            'opacity=".55"',
        )
    s.hills(470, 50, "#5d6878", 1.3)
    s.shade(500, 400, "#5b7488", "#2f4a62", "#1c3045")
    s.lighthouse(1180, 540, 330)
    s.shape([(1180, 510), (1330, 400), (1600, 360), (1600, 420)], "#ffe7a322")
    s.shape([(560, 600), (1330, 540), (1380, 700), (520, 700)], "#4a4d52")
    s.shape([(560, 600), (1330, 540), (1340, 558), (560, 622)], "#7d8083")
    for k in range(13):
        x = 560 + k * 62
        s.shape(
            [(x, 640), (x + 34, 606 + k), (x + 70, 650), (x + 50, 720), (x - 6, 710)],
            ("#3a3e44", "#54585e", "#2f3338")[k % 3],
        )

    def foam(x: float, y: float, size: float, number: int, spread: tuple[float, float]) -> None:
        for _ in range(number):
            fx, fy = x + s.random.gauss(0, spread[0]), y + s.random.gauss(0, spread[1])
            s.circle(
                fx,
                fy,
                s.random.uniform(0.3, 1) * size,
                s.random.choice(("#eef3f4", "#dbe5ea", "#c3d2dc")),
            )

    def wave(y: float, height: float, colour: str, crests: tuple[float, ...]) -> None:
        d = f"M-40,{y}"
        at = -40.0
        for crest in crests:
            d += (
                f" C{(at + crest) / 2:.0f},{y + 26} {crest - 110},{y - height * 0.4:.0f} {crest},{y - height:.0f}"
                f" C{crest + 60},{y - height * 0.72:.0f} {crest + 70},{y + 10} {crest + 190},{y}"
            )
            at = crest + 190
        s.path(f"{d} L1660,{y} V900 H-40 Z", colour)
        for crest in crests:
            s.path(
                f"M{crest - 120},{y - height * 0.5:.0f} Q{crest - 30},{y - height * 0.85:.0f} {crest},{y - height:.0f} "
                f"Q{crest + 46},{y - height * 0.8:.0f} {crest + 62},{y - height * 0.45:.0f} Q{crest},{y - height * 0.72:.0f} {crest - 120},{y - height * 0.5:.0f} Z",
                "#dbe5ea",
            )
            foam(crest + 6, y - height * 0.9, height * 0.09, 26, (34, height * 0.09))

    # the great one over the wall: a plume that leans with the wind
    for k in range(11):
        reach = 1 - abs(k - 5) / 6.5
        foam(
            690 + k * 32 + 60 * reach,
            600 - 200 * reach * reach,
            16 + 14 * reach,
            40,
            (24 + 14 * reach, 26 + 46 * reach),
        )
        foam(700 + k * 30, 610 - 90 * reach, 34, 26, (34, 60))
    foam(900, 380, 9, 90, (150, 90))
    wave(720, 90, "#35536d", (180, 1290))
    wave(790, 120, "#2c4860", (620, 1500))
    wave(860, 100, "#1f364c", (250, 1080))
    s.ripples(760, 890, ("#8ea6b6", "#e8eef0"), 90)
    for _ in range(200):
        x, y = s.random.uniform(0, 1700), s.random.uniform(-20, 880)
        s.line(x, y, x - 38, y + 34, "#dfe7ee2c", 2)
    return s.svg()


def library() -> str:
    s = Sheet(29)
    s.shade(0, HEIGHT, "#e6d8bd", "#dcc9a6", "#c4ad86")
    for bay in (0, 1, 3, 4):
        x = 10 + bay * 320
        s.rect(x, 50, 300, 640, "#6a4c37")
        for row in range(5):
            y = 70 + row * 124
            s.rect(x + 14, y, 272, 108, "#3f2d22")
            at = x + 18
            while at < x + 272:
                w, h = s.random.uniform(11, 26), s.random.uniform(66, 100)
                s.rect(
                    at,
                    y + 108 - h,
                    min(w, x + 284 - at),
                    h,
                    s.random.choice(
                        (
                            "#8a3f36",
                            "#2f4a76",
                            "#3f5c52",
                            "#c9a15a",
                            "#d8cdb8",
                            "#56657a",
                            "#6d4a5a",
                            BLUE,
                            "#b7776a",
                        )
                    ),
                )
                at += w + 1.5
    s.path("M650,690 V260 A150,170 0 0 1 950,260 V690 Z", "#8a7355")
    s.path("M668,690 V264 A132,150 0 0 1 932,264 V690 Z", "#9fc0d6")
    s.path("M668,690 V560 Q730,520 800,556 Q880,516 932,560 V690 Z", "#7f9a86")
    for x in (756, 844):
        s.line(x, 130, x, 690, "#8a7355", 7)
    for y in (320, 450, 580):
        s.line(668, y, 932, y, "#8a7355", 7)
    s.shape([(668, 690), (932, 690), (1180, 900), (560, 900)], "#fff3d033")
    s.shade(688, 212, "#9a7a54", "#7c5f40")
    s.rect(240, 742, 1120, 26, "#5a3f2c", 'rx="4"')
    for x in (280, 1290):
        s.rect(x, 768, 30, 132, "#4a3324")
    for x, coat, skin, hair in (
        (430, "#3f5c52", SKINS[2], INK),
        (720, RED, SKINS[3], "#8b5a34"),
        (1140, "#2f4a76", SKINS[0], "#cfc6b6"),
    ):
        s.bust(x, 744, 200, coat, skin, hair)
        s.shape(
            [(x - 70, 742), (x, 726), (x + 70, 742), (x + 70, 712), (x, 700), (x - 70, 712)], PAPER
        )
        s.line(x, 701, x, 738, "#b9b09d", 3)
    s.line(930, 742, 930, 640, "#3a3e44", 8)
    s.path("M876,650 Q880,600 930,598 Q980,600 984,650 Z", GREEN)
    s.glow(930, 670, 170, "#fff0c0", 0.8)
    for k, c in enumerate(("#c9a15a", "#2f4a76", "#8a3f36", "#d8cdb8")):
        s.rect(560 - k * 4, 726 - k * 17, 100, 16, c)
    return s.svg()


def bakery() -> str:
    s = Sheet(31)
    s.shade(0, 760, "#1f2c50", "#45507a", "#a98a92")
    s.rect(180, 70, 1240, 690, "#5c4a4c")
    s.rect(180, 70, 1240, 30, "#473a3d")
    for x in (290, 560, 940, 1210):
        s.rect(x, 140, 110, 150, "#3a4566" if x != 940 else LAMP)
        s.line(x + 55, 140, x + 55, 290, "#473a3d", 6)
        s.rect(x - 10, 290, 130, 12, "#786468")
    s.rect(230, 370, 1140, 70, GREEN)
    s.add(
        f'<text x="800" y="421" font-family="Besley,serif" font-size="46" font-weight="600" letter-spacing="4" text-anchor="middle" fill="{PAPER}">SAND &amp; DAUGHTER  ·  BREAD</text>'
    )
    s.rect(260, 450, 700, 260, "#ffdf94")
    s.rect(1040, 450, 210, 310, "#ffdf94")
    s.glow(610, 590, 520, LAMP, 0.6)
    s.rect(260, 520, 700, 8, "#b98a4a")
    s.rect(260, 610, 700, 8, "#b98a4a")
    for row, y in enumerate((520, 610, 708)):
        x = 280.0
        while x < 860:
            w = s.random.choice((54, 70, 96))
            c = s.random.choice(("#b0703a", "#c98a4a", "#8f5528"))
            s.path(
                f"M{x:.0f},{y} Q{x:.0f},{y - 40} {x + w / 2:.0f},{y - 42 + row * 2} Q{x + w:.0f},{y - 40} {x + w:.0f},{y} Z",
                c,
            )
            for k in (0.3, 0.5, 0.7):
                s.line(x + w * k - 5, y - 30, x + w * k + 5, y - 16, "#e8c389", 3)
            x += w + 10
    s.bust(760, 612, 132, PAPER, SKINS[3], "#6b4a2f")
    s.rect(560, 612, 360, 6, "#b98a4a")
    s.rect(1064, 474, 162, 200, "#fff0c0")
    s.line(1145, 450, 1145, 760, "#473a3d", 10)
    s.circle(1130, 640, 7, INK)
    for k in range(9):
        x = 230 + k * 127
        s.shape(
            [(x, 440), (x + 126, 440), (x + 126, 470), (x, 470)],
            PAPER if k % 2 else RED,
            'opacity=".92"',
        )
    s.shade(756, 144, "#3a3f57", "#262b42")
    s.shape([(260, 756), (960, 756), (1100, 900), (160, 900)], "#ffdf9433")
    s.shape([(1040, 756), (1250, 756), (1330, 900), (1060, 900)], "#ffdf9440")
    s.person(1330, 850, 260, "#24406e", SKINS[4], INK)
    s.person(1480, 862, 250, "#6d4a5a", SKINS[1], "#cfc6b6")
    s.lamp(90, 800, 520)
    s.circle(1500, 120, 5, "#fff6d8")
    return s.svg()


def bridge() -> str:
    s = Sheet(37)
    s.shade(0, 560, "#16224a", "#4b5584", "#c79a92", "#f1c39a")
    s.hills(500, 90, "#54587c", 1.1)
    s.hills(535, 50, "#3d4468", 2.1)
    s.town(560, 1180, 1600, DARK_WALLS, ("#1a2340",), 0.8, 0.5)
    s.shade(556, 344, "#a98b92", "#5a5f86", "#1f2a50")
    s.ripples(566, 890, ("#f1c39a", "#2b3560", "#8a86a6"), 320)
    deck = 470
    for x in (420, 1130):
        s.mirror(x + 24, 640, 60, "#16203f", 210)
    for x0, x1 in ((-290, 444), (444, 1154), (1154, 1864)):
        mid = (x0 + x1) / 2
        s.path(f"M{x0},150 Q{mid},{deck + 140} {x1},150", more='stroke="#10182f" stroke-width="9"')
        for k in range(1, 20):
            t = k / 20
            y = (1 - t) ** 2 * 150 + 2 * t * (1 - t) * (deck + 140) + t * t * 150
            x = x0 + (x1 - x0) * t
            if y < deck:
                s.line(x, y, x, deck, "#10182f", 2.5)
    s.rect(0, deck, WIDTH, 26, "#10182f")
    s.rect(0, deck - 3, WIDTH, 5, "#6d7396")
    for x in (420, 1130):
        s.shape([(x, 130), (x + 48, 130), (x + 62, 650), (x - 14, 650)], "#1a2342")
        s.rect(x - 2, 250, 52, 18, "#10182f")
        s.path(f"M{x + 12},360 V320 A12,14 0 0 1 {x + 36},320 V{deck} H{x + 12} Z", "#8d7f96")
        s.ellipse(x + 24, 652, 92, 14, "#10182f")
        s.circle(x + 24, 122, 7, RED)
        s.glow(x + 24, 122, 60, "#ff7a66", 0.7)
    for x in range(40, 1600, 118):
        s.line(x, deck, x, deck - 42, "#10182f", 4)
        s.glow(x, deck - 46, 46, LAMP, 0.9)
        s.mirror(x, 650, 16, LAMP, 130)
    s.rect(700, deck - 44, 130, 42, "#e9e4d8", 'rx="6"')
    s.rect(710, deck - 36, 110, 18, LAMP)
    s.rect(700, deck - 14, 130, 8, GREEN)
    return s.svg()


def hotel() -> str:
    s = Sheet(41)
    s.shade(0, 710, "#27406e", "#6b769c", "#e0b59a")
    s.rect(60, 250, 260, 450, "#3c4668")
    s.windows((80, 280, 220, 400), 4, 5, 0.4, (LAMP, "#28324f"))
    s.rect(1290, 300, 340, 400, "#46507a")
    s.windows((1310, 330, 300, 350), 5, 4, 0.4, (LAMP, "#2d3758"))
    s.rect(360, 150, 880, 560, "#d9cbb0")
    s.shape([(330, 150), (420, 60), (1180, 60), (1270, 150)], "#45404c")
    for x in range(450, 1180, 146):
        s.path(f"M{x},138 V96 A28,28 0 0 1 {x + 56},96 V138 Z", LAMP if x % 4 else "#2d3758")
    for row in range(3):
        for k in range(6):
            x, y = 400 + k * 140, 190 + row * 130
            lit = s.random.random() < 0.55
            s.rect(x, y, 72, 96, "#8b7a5d")
            s.rect(x + 6, y + 6, 60, 84, LAMP if lit else "#3c4a6b")
            s.line(x + 36, y + 6, x + 36, y + 90, "#8b7a5d", 5)
            s.rect(x - 12, y + 96, 96, 8, "#55505a")
            for j in range(9):
                s.line(x - 10 + j * 11.5, y + 76, x - 10 + j * 11.5, y + 96, "#55505a", 2.5)
            s.line(x - 12, y + 76, x + 84, y + 76, "#55505a", 4)
    s.rect(360, 596, 880, 114, "#8b7a5d")
    s.rect(400, 616, 270, 94, "#ffe0a0")
    s.rect(930, 616, 270, 94, "#ffe0a0")
    for x in (450, 560, 1000, 1120):
        s.bust(
            x,
            710,
            76,
            s.random.choice(("#2f4a76", "#8a3f36", "#3f5c52")),
            s.random.choice(SKINS),
            INK,
        )
    s.rect(720, 606, 160, 104, "#5a3f2c")
    s.rect(736, 622, 128, 88, "#fff0c0")
    s.line(800, 622, 800, 710, "#5a3f2c", 6)
    s.shape([(690, 604), (910, 604), (940, 566), (660, 566)], BLUE)
    s.rect(560, 534, 480, 0.1, "none")
    s.add(
        f'<text x="800" y="594" font-family="Besley,serif" font-size="26" font-weight="600" letter-spacing="3" text-anchor="middle" fill="{PAPER}">QUAY HOTEL</text>'
    )
    s.glow(800, 660, 420, LAMP, 0.45)
    s.shade(706, 194, "#55607e", "#333d5c")
    s.shape([(400, 710), (1200, 710), (1420, 900), (240, 900)], "#ffe0a022")
    s.lamp(250, 790, 330)
    s.person(1010, 850, 250, "#24406e", SKINS[2], INK, walking=True)
    s.rect(1060, 790, 46, 62, RED, 'rx="6"')
    s.line(1072, 790, 1072, 752, INK, 4)
    s.line(1094, 790, 1094, 752, INK, 4)
    s.line(1072, 752, 1094, 752, INK, 4)
    return s.svg()


def lighthouse() -> str:
    s = Sheet(43)
    s.shade(0, 620, "#0c1630", "#243560", "#6d6f92")
    for _ in range(90):
        s.circle(
            s.random.uniform(0, 1600),
            s.random.uniform(0, 420),
            s.random.uniform(0.8, 2.6),
            "#fff6d8",
            f'opacity="{s.random.uniform(0.3, 0.9):.2f}"',
        )
    s.shape([(1120, 246), (0, 60), (0, 210)], "#ffe7a32e")
    s.shape([(1120, 246), (1600, 190), (1600, 330)], "#ffe7a32e")
    s.shade(590, 310, "#4a5580", "#1d2a50", "#101b38")
    s.ripples(600, 890, ("#8d93b8", "#0f1834", "#ffe7a3"), 260)
    s.hills(600, 30, "#27345c", 1.3)
    s.path(
        "M760,900 Q800,760 880,700 Q920,620 1010,610 H1230 Q1340,640 1420,610 L1600,640 V900 Z",
        "#171f36",
    )
    s.path(
        "M800,800 Q890,700 960,650 Q1100,610 1230,612 Q1340,640 1420,612 L1600,642 V664 Q1400,640 1330,668 Q1180,630 1010,660 Q900,700 800,800 Z",
        "#2a3557",
    )
    s.lighthouse(1120, 622, 360)
    s.house(1210, 624, 130, 62, "#c3b49b", "#5b4a4a", 1.0)
    s.boat(330, 690, 190, "#0f1834", "#d8cdb8")
    s.glow(430, 650, 60, LAMP, 0.7)
    s.mirror(430, 700, 40, LAMP, 90)
    s.mirror(620, 620, 26, LAMP, 200)
    return s.svg()


def jetty() -> str:
    s = Sheet(47)
    s.shade(0, 520, "#0e1731", "#25335d", "#5f678f")
    s.circle(330, 160, 50, "#f3ecd6")
    s.glow(330, 160, 240, "#f3ecd6", 0.4)
    s.hills(470, 50, "#222e54", 1.5)
    s.town(520, 60, 700, DARK_WALLS, ("#141c33",), 0.42, 0.6)
    s.shade(516, 384, "#3d4a78", "#1c2850", "#0e1731")
    s.ripples(526, 890, ("#8d93b8", "#0f1834"), 260)
    s.mirror(330, 530, 70, "#f3ecd6", 330)
    for x in range(90, 690, 46):
        s.mirror(x, 524, 9, LAMP, 60)
    for x in (760, 960, 1160, 1360, 1540):
        s.rect(x, 690, 26, 210, "#0b1122")
    s.shape([(640, 660), (1600, 640), (1600, 720), (640, 700)], "#2b2f42")
    s.shape([(640, 660), (1600, 640), (1600, 652), (640, 670)], "#525770")
    s.rect(1240, 380, 300, 268, "#1d2744")
    s.rect(1262, 410, 256, 150, "#ffe9b0")
    s.rect(1226, 366, 330, 20, "#0b1122")
    s.rect(1262, 590, 256, 12, "#0b1122")
    s.rect(1470, 430, 40, 80, PAPER)
    for y in (444, 458, 472, 486):
        s.rect(1477, y, 26, 4, SLATE)
    s.glow(1390, 500, 420, LAMP, 0.4)
    s.bust(1330, 592, 150, "#3f5c52", SKINS[2], INK)
    s.lamp(820, 664, 360)
    s.person(950, 664, 200, RED, SKINS[0], INK)
    s.rect(984, 612, 42, 50, "#24406e", 'rx="6"')
    s.mirror(854, 726, 60, LAMP, 160)
    return s.svg()


def sail_loft() -> str:
    s = Sheet(53)
    s.shade(0, 520, "#cbb794", "#d8c7a6")
    for x in range(0, 1600, 200):
        s.shape([(x, 0), (x + 30, 0), (x + 130, 150), (x + 110, 165)], "#8a6a48")
    s.rect(0, 0, WIDTH, 26, "#7a5b3d")
    for x in (90, 480, 870, 1260):
        s.rect(x, 150, 270, 270, "#7a5b3d")
        s.rect(x + 12, 162, 246, 246, "#bcd3e0")
        s.shape(
            [(x + 12, 350), (x + 120, 310), (x + 258, 345), (x + 258, 408), (x + 12, 408)],
            "#6f94ad",
        )
        s.line(x + 135, 162, x + 135, 408, "#7a5b3d", 7)
        s.line(x + 12, 285, x + 258, 285, "#7a5b3d", 7)
    s.shade(516, 384, "#b58f60", "#94703f")
    for k in range(-8, 26):
        s.line(800 + (k - 9) * 60, 516, 800 + (k - 9) * 150, 900, "#7d5c3455", 3)
    s.path("M120,860 Q520,520 1380,560 Q1240,700 1500,850 Q820,900 120,860 Z", "#f4efe4")
    for k in range(1, 7):
        s.path(
            f"M{120 + k * 190},{862 - k * 2} Q{400 + k * 150},{700 - k * 10} {560 + k * 118},{610 - k * 9}",
            more='stroke="#cfc6b4" stroke-width="4"',
        )
    s.path("M1300,640 Q1220,720 1440,830", more=f'stroke="{BLUE}" stroke-width="14"')
    s.add(
        f'<text x="560" y="770" font-family="Besley,serif" font-size="96" font-weight="700" fill="{RED}" transform="rotate(-14 560 770)">OR 17</text>'
    )
    s.bust(330, 770, 230, "#2f4a76", SKINS[3], "#cfc6b6")
    s.bust(1080, 610, 180, RED, SKINS[2], INK)
    s.bust(1380, 700, 220, "#3f5c52", SKINS[1], "#6b4a2f")
    s.rect(650, 470, 170, 60, "#5a3f2c")
    s.rect(690, 420, 90, 54, INK, 'rx="6"')
    s.rect(690, 436, 40, 40, INK)
    s.circle(790, 446, 20, "#3a3e44")
    s.path("M1330,770 Q1210,860 1080,850", more='stroke="#c9a15a" stroke-width="3"')
    return s.svg()


def kitchen() -> str:
    s = Sheet(59)
    s.shade(0, HEIGHT, "#cfd8dc", "#b9c6cc", "#9aa9b1")
    for y in range(0, 520, 52):
        for x in range(0, 1600, 80):
            s.rect(x + (40 if (y // 52) % 2 else 0), y, 77, 49, "#dfe6e8", 'opacity=".55"')
    s.rect(1080, 60, 360, 260, "#2a3a60")
    s.circle(1340, 120, 26, "#f3ecd6")
    s.line(1260, 60, 1260, 320, "#7d8890", 8)
    for x in range(1090, 1440, 30):
        s.rect(x, 270, 10, 10, LAMP if x % 4 else "#2a3a60")
    s.circle(900, 130, 62, PAPER)
    s.circle(900, 130, 62, "none", f'stroke="{INK}" stroke-width="7"')
    s.line(900, 130, 900, 90, INK, 5)
    s.line(900, 130, 875, 148, INK, 6)
    s.line(60, 200, 720, 200, "#6f7b83", 9)
    for k, x in enumerate(range(110, 700, 96)):
        s.line(x, 200, x, 226, "#6f7b83", 4)
        r = 34 + (k % 3) * 9
        s.circle(x, 226 + r, r, ("#a8623a", "#8b9299", "#b0713f")[k % 3])
        s.circle(x, 226 + r, r * 0.72, ("#c07a4a", "#a2a9b0", "#c98a52")[k % 3])
    s.person(560, 850, 480, PAPER, SKINS[0], "#2c2320", "#2a3a60")
    s.person(1010, 850, 460, PAPER, SKINS[3], "#8b5a34", "#2a3a60")
    for x in (560, 1010):
        s.path(
            f"M{x - 40},{394 if x == 560 else 414} V352 Q{x - 62},318 {x - 24},316 Q{x},294 {x + 24},316 Q{x + 62},318 {x + 40},352 V{394 if x == 560 else 414} Z",
            "#f7f3ea",
        )
    s.rect(0, 640, WIDTH, 30, "#8d979d")
    s.rect(0, 670, WIDTH, 230, "#6c777e")
    for x in range(40, 1600, 390):
        s.rect(x, 700, 330, 170, "#7d8890", 'rx="6"')
        s.rect(x + 110, 720, 110, 10, "#59636a", 'rx="5"')
    for x, r in ((240, 90), (820, 74), (1350, 96)):
        s.rect(x - r, 640 - r * 1.05, r * 2, r * 1.1, "#59636a", 'rx="10"')
        s.ellipse(x, 640 - r * 1.05, r, 16, "#8b959c")
        for k in range(3):
            s.path(
                f"M{x - 40 + k * 40},{520 - k * 12} q26,-50 0,-96 q-26,-44 6,-90",
                more='stroke="#ffffff" stroke-width="12" opacity=".35" stroke-linecap="round"',
            )
    return s.svg()


def portrait(coat: str, skin: str, hair: str, ground: str, style: str) -> str:
    s = Sheet(7, (640, 640))
    s.rect(0, 0, 640, 640, ground)
    s.circle(320, 330, 250, "#ffffff", 'opacity=".14"')
    if style == "long":
        s.path("M190,300 Q180,120 320,116 Q460,120 452,300 L470,500 H172 Z", hair)
    s.path("M70,640 Q90,470 250,452 H390 Q550,470 570,640 Z", coat)
    s.path("M268,400 H372 V470 Q320,520 268,470 Z", skin)
    s.path("M268,420 Q320,470 372,420 V440 Q320,490 268,440 Z", "#00000022")
    s.ellipse(320, 310, 112, 138, skin)
    if style == "long":
        s.path(
            "M204,320 Q196,170 320,160 Q444,170 436,320 Q420,230 340,214 Q250,240 204,320 Z", hair
        )
    elif style == "short":
        s.path(
            "M202,300 Q196,150 320,150 Q444,150 438,300 Q430,230 400,216 Q320,196 240,216 Q210,230 202,300 Z",
            hair,
        )
    elif style == "beard":
        s.path(
            "M202,300 Q190,140 320,142 Q450,140 438,300 Q420,214 320,210 Q220,214 202,300 Z", hair
        )
        s.path(
            "M210,330 Q214,470 320,472 Q426,470 430,330 Q410,390 370,392 Q320,372 270,392 Q230,390 210,330 Z",
            hair,
        )
    else:
        s.path(
            "M176,330 Q160,120 320,112 Q480,120 464,330 Q480,470 400,470 Q440,400 434,310 Q380,220 320,226 Q250,220 206,310 Q200,400 240,470 Q160,470 176,330 Z",
            hair,
        )
    for x in (274, 366):
        s.ellipse(x, 312, 10, 12, INK)
        s.path(
            f"M{x - 26},284 Q{x},270 {x + 26},284",
            more=f'stroke="{hair}" stroke-width="8" stroke-linecap="round"',
        )
    s.path(
        "M320,318 Q306,352 322,358",
        more='stroke="#00000044" stroke-width="7" stroke-linecap="round"',
    )
    s.path(
        "M282,396 Q320,424 358,396", more='stroke="#7a2f28" stroke-width="9" stroke-linecap="round"'
    )
    if style == "short":
        for x in (274, 366):
            s.circle(x, 312, 40, "none", f'stroke="{INK}" stroke-width="6"')
        s.line(314, 308, 326, 308, INK, 6)
    return s.svg()


SCENES: Final[dict[str, Callable[[], str]]] = {
    "quay": quay,
    "rope-works": rope_works,
    "chamber": chamber,
    "seals": seals,
    "night-bus": night_bus,
    "market": market,
    "school": school,
    "storm": storm,
    "library": library,
    "bakery": bakery,
    "bridge": bridge,
    "hotel": hotel,
    "lighthouse": lighthouse,
    "jetty": jetty,
    "sail-loft": sail_loft,
    "kitchen": kitchen,
}
PORTRAITS: Final[dict[str, Callable[[], str]]] = {
    "ines-halloran": lambda: portrait("#24406e", SKINS[1], "#5a3526", "#cdb98f", "long"),
    "piers-okonjo": lambda: portrait("#3f5c52", SKINS[2], "#17130f", "#9fb6c6", "short"),
    "noor-idris": lambda: portrait("#8a3f36", SKINS[4], "#2b2f42", "#c6cfda", "scarf"),
    "henning-roe": lambda: portrait("#3a3e44", SKINS[3], "#a9a59c", "#b9ad93", "beard"),
}
