"""The words an author may use in a pose, and the numbers each stands for.
How numbers become a drawing is in baby.py; a new word needs only a line here.

Left and right are the picture's, as the viewer sees them. Arms and legs are given for the right
side of the picture and mirrored: `out` away from the middle, `up` towards the head, `front`
towards the viewer.
"""

from __future__ import annotations

Numbers = dict[str, float]

AGES = ("newborn", "young", "older", "toddler")  # 0-1, 2-5, 6-11, 12-24 months
HAIR = ("none", "fuzz", "short", "tuft", "curls", "coils")
TOYS = ("none", "rattle", "teether", "ball", "spoon", "bottle")
SETTINGS = ("mat", "lap", "cot", "bouncer", "highchair", "arms")
ROOMS = ("plain", "living-room", "bedroom", "clinic", "kitchen")
VIEWS = ("front", "side")
MARKS = (
    "none",
    "kicking",
    "twitch",
    "waving",
    "hiccup",
    "sneeze",
    "tremor",
    "spit",
    "startle",
    "babble",
    "cry",
)
CARER_HAIR = ("short", "long", "bob", "bun", "coils", "curls", "locs", "scarf", "none")
CARER_WEARS = ("jumper", "shirt", "cardigan", "hoodie")
CARER_MOVES = ("none", "shaking", "patting")
CARERS = ("none", "hand", "hands", "face")
SIDES = ("left", "right")
DIFFERENCES = ("feeding-tube", "repaired-cleft", "glasses", "hearing-aid", "downs-syndrome")

GAZES: dict[str, tuple[float, float]] = {
    "ahead": (0, 0),
    "left": (-1, 0),
    "right": (1, 0),
    "up": (0, 0.9),
    "down": (0, -0.9),
    "up-left": (-0.9, 0.7),
    "up-right": (0.9, 0.7),
    "down-left": (-0.9, -0.7),
    "down-right": (0.9, -0.7),
}

# lid: 0 closed, 1 open, more for wide; squeeze: how tightly shut; glaze: how little the eye shines;
# gaze_apart: how far the eyes drift from each other; hollow: the shade under them.
LIDS: dict[str, Numbers] = {
    "open": {"lid": 1.0},
    "wide": {"lid": 1.3},
    "half": {"lid": 0.5, "glaze": 0.8},
    "heavy": {"lid": 0.36, "glaze": 1.0},
    "drowsy": {"lid": 0.48, "glaze": 0.6},
    "unfocused": {"lid": 0.86, "glaze": 0.85, "gaze_apart": 0.6},
    "sunken": {"lid": 0.55, "glaze": 0.75, "hollow": 1.0},
    "slits": {"lid": 0.17, "glaze": 1.0, "hollow": 0.5},
    "closed": {"lid": 0.0},
    "squeezed": {"lid": 0.0, "squeeze": 1.0},
    "staring": {"lid": 1.75},
    "glazed": {"lid": 0.82, "glaze": 1.0},
}

# brow_in, brow_out: how far the ends are lifted; knit: how far the brows are drawn together;
# brow_flat: how little they arch.
BROWS: dict[str, Numbers] = {
    "neutral": {},
    "raised": {"brow_in": 0.8, "brow_out": 0.9},
    "knit": {"brow_in": -0.4, "brow_out": 0.05, "knit": 1.0},
    "inner-up": {"brow_in": 0.75, "brow_out": -0.35, "knit": 0.25},
    "soft": {"brow_in": 0.5, "brow_out": 0.2},
    "thinking": {"brow_in": -0.05, "brow_out": 0.35, "knit": 0.7},
    "low": {"brow_in": -0.25, "brow_out": -0.3},
    "flat": {"brow_in": -0.1, "brow_flat": 1.0},
    "sad": {"brow_in": 1.0, "brow_out": -0.6, "knit": 0.15},
    "wary": {"brow_in": 0.35, "brow_out": 0.3, "knit": 0.6},
}

# m_w: half the width; m_open: how far open; m_curve: corners up; m_up: the share of the opening
# above the line between the lips; m_square: 2 for an oval opening, more for a square one.
MOUTHS: dict[str, Numbers] = {
    "neutral": {"m_w": 0.17},
    "smile": {"m_w": 0.27, "m_curve": 0.11, "cheek": 0.55},
    "half-smile": {"m_w": 0.22, "m_curve": 0.06, "cheek": 0.25},
    "open-smile": {
        "m_w": 0.30,
        "m_open": 0.23,
        "m_curve": 0.15,
        "m_up": 0.08,
        "m_tongue": 1,
        "m_gum": 0.7,
        "cheek": 0.7,
    },
    "babble": {
        "m_w": 0.2,
        "m_open": 0.21,
        "m_curve": 0.05,
        "m_up": 0.3,
        "m_tongue": 1,
        "cheek": 0.2,
    },
    "cry": {
        "m_w": 0.35,
        "m_open": 0.42,
        "m_curve": -0.09,
        "m_up": 0.48,
        "m_square": 3.0,
        "m_tongue": 0.85,
        "m_gum": 1,
        "fold": 1,
        "jaw": 0.7,
    },
    "fuss": {
        "m_w": 0.23,
        "m_open": 0.12,
        "m_curve": -0.11,
        "m_up": 0.5,
        "m_square": 2.6,
        "m_tongue": 0.7,
        "fold": 0.6,
        "jaw": 0.1,
    },
    "pout": {"m_w": 0.17, "m_curve": -0.085, "m_pout": 1},
    "yawn": {
        "m_w": 0.21,
        "m_open": 0.52,
        "m_curve": 0.0,
        "m_up": 0.46,
        "m_square": 2.0,
        "m_tongue": 0.75,
        "m_gum": 0.5,
        "jaw": 1,
    },
    "pressed": {"m_w": 0.19, "m_curve": -0.002, "m_press": 1},
    "grimace": {
        "m_w": 0.30,
        "m_open": 0.09,
        "m_curve": -0.05,
        "m_up": 0.5,
        "m_square": 4,
        "m_gum": 1,
        "fold": 1,
        "cheek": 0.8,
        "wrinkle": 1,
    },
    "sucking": {"m_w": 0.11, "m_open": 0.0, "m_pout": 0.3, "cheek": 0.2},
    "bright": {
        "m_w": 0.2,
        "m_open": 0.1,
        "m_curve": 0.075,
        "m_up": 0.25,
        "m_tongue": 0.8,
        "cheek": 0.35,
    },
    "o": {"m_w": 0.105, "m_open": 0.16, "m_up": 0.5},
    "slack": {"m_w": 0.15, "m_open": 0.085, "m_curve": -0.02, "m_up": 0.35, "m_tongue": 0.9},
    "sneeze": {
        "m_w": 0.2,
        "m_open": 0.16,
        "m_curve": -0.02,
        "m_up": 0.45,
        "m_tongue": 0.6,
        "fold": 0.8,
        "wrinkle": 1,
    },
    "gag": {
        "m_w": 0.22,
        "m_open": 0.34,
        "m_curve": -0.05,
        "m_up": 0.4,
        "m_tongue": 2.1,
        "fold": 0.8,
        "jaw": 0.6,
    },
    "corners-down": {"m_w": 0.17, "m_curve": -0.06},
    "restful": {"m_w": 0.125, "m_curve": 0.014, "m_pout": 0.15},
    "parted": {"m_w": 0.13, "m_open": 0.055, "m_up": 0.45},
}

# out, up, front: where the wrist is, from the shoulder, in arm lengths; head: 1 when measured from
# the head instead (then in half heads); elbow: degrees the elbow swings from below outwards; wrist:
# degrees the hand turns outwards on the picture; palm: where the palm faces, 0 at us, 90 to the
# middle, 180 away.
ARMS: dict[str, Numbers] = {
    "dangling": {"out": 0.92, "up": -0.22, "front": -0.1, "elbow": 20, "palm": 60, "wrist": 14},
    "down": {"out": 0.35, "up": -0.82, "front": 0.15, "elbow": 60, "palm": 130},
    "relaxed": {"out": 0.62, "up": 0.02, "front": 0.1, "elbow": 0, "wrist": 0, "palm": 0},
    "open": {"out": 0.88, "up": -0.12, "front": 0.12, "elbow": 20, "palm": 10},
    "up": {"out": 0.55, "up": 0.72, "front": 0.1, "elbow": 60, "palm": 0},
    "reach": {"out": 0.72, "up": 0.22, "front": 0.5, "elbow": 40, "palm": 150},
    "reach-across": {"out": -0.7, "up": 0.15, "front": 0.55, "elbow": 60, "palm": 150},
    "reach-up": {"out": 0.22, "up": 0.8, "front": 0.42, "elbow": 60, "palm": 30},
    "to-mouth": {
        "out": 0.34,
        "up": -1.02,
        "front": 0.82,
        "head": 1,
        "elbow": 55,
        "wrist": -6,
        "palm": 150,
    },
    "to-ear": {
        "out": 1.3,
        "up": -0.62,
        "front": 0.3,
        "head": 1,
        "elbow": 80,
        "wrist": 4,
        "palm": 150,
    },
    "to-eyes": {
        "out": 0.40,
        "up": -0.30,
        "front": 1.05,
        "head": 1,
        "elbow": 60,
        "wrist": -12,
        "palm": 170,
    },
    "on-face": {"out": 0.34, "up": -0.42, "front": 1.02, "head": 1, "elbow": 60, "palm": 178},
    "push-away": {"out": 0.84, "up": 0.06, "front": 0.36, "elbow": 30, "wrist": -72, "palm": 180},
    "salute": {"out": 0.62, "up": 0.74, "front": 0.3, "elbow": 80, "palm": 0},
    "stretch-out": {"out": 0.98, "up": 0.15, "front": 0.15, "elbow": 40, "palm": 0},
    "stiff-up": {"out": 0.74, "up": 0.62, "front": 0.12, "elbow": 60, "palm": 0},
    "on-chest": {"out": -0.16, "up": 0.02, "front": 0.42, "elbow": 35, "palm": 110},
    "open-low": {"out": 0.72, "up": -0.3, "front": 0.3, "elbow": 30, "palm": 0},
    "hang": {"out": 0.1, "up": -0.55, "front": -0.8, "elbow": 60, "palm": 40},
    "side-down": {"out": 0.12, "up": -0.55, "front": 0.3, "elbow": 30, "palm": 90},
    "side-bent": {"out": 0.1, "up": -0.05, "front": 0.55, "elbow": 10, "palm": 90},
    "toy-to-mouth": {
        "out": 0.5,
        "up": -1.42,
        "front": 0.95,
        "head": 1,
        "elbow": 50,
        "wrist": -8,
        "palm": 150,
    },
    "hug": {"out": -0.35, "up": -0.2, "front": 0.5, "elbow": 30, "palm": 120},
    "midline": {"out": -0.17, "up": -0.22, "front": 0.5, "elbow": 30, "wrist": -14, "palm": 90},
    "before": {"out": -0.16, "up": -0.5, "front": 0.8, "elbow": 75, "palm": 120},
    "tray": {"out": 0.14, "up": -0.60, "front": 0.9, "elbow": 75, "palm": 180},
    "wave": {"out": 0.72, "up": 0.35, "front": 0.2, "elbow": 10, "wrist": 0, "palm": 0},
    "limp": {"out": 0.75, "up": -0.55, "front": -0.12, "elbow": 40, "palm": 20, "wrist": 10},
    "hold-foot": {"out": 0.4, "up": -0.72, "front": 0.9, "elbow": 80, "palm": 100},
}

# As in hands.Grip; hold: 1 for a hand that holds the toy.
HANDS: dict[str, Numbers] = {
    "relaxed": {"curl": 0.34, "spread": 0.35, "thumb": 0.5},
    "open": {"curl": 0.1, "spread": 0.6, "thumb": 0.8},
    "splayed": {"curl": -0.06, "spread": 1.35, "thumb": 1.2},
    "fist": {"curl": 1.0, "spread": 0.0, "thumb": 0.0},
    "clasped": {"curl": 0.62, "spread": 0.1, "thumb": 0.2},
    "grasp": {"curl": 0.8, "spread": 0.0, "thumb": 0.25, "hold": 1},
    "limp": {"curl": 0.38, "spread": 0.15, "thumb": 0.25},
}

# flex: degrees forward; bend: degrees to the picture's right; nod: what it does to the head;
# shrug: 1 for shoulders drawn up to the ears.
TRUNKS: dict[str, Numbers] = {
    "relaxed": {},
    "arched": {"flex": -42, "nod": -30},
    "arched-left": {"flex": -22, "bend": -18, "nod": -24},
    "arched-right": {"flex": -22, "bend": 18, "nod": -24},
    "curled": {"flex": 26, "nod": 14},
    "limp": {"flex": 8, "bend": 10, "nod": 12, "sag": 1},
    "tense": {"flex": 9, "nod": -4, "shrug": 1},
}

# out, up, front: where the ankle is, from the hip, in leg lengths; knee: degrees it swings
# outwards; point: 1 for a pointed foot; clasp: 1 for soles together.
LEGS: dict[str, Numbers] = {
    "relaxed": {"out": 0.52, "up": -0.66, "front": 0.2, "knee": 60},
    "frog": {"out": 0.16, "up": -0.5, "front": 0.12, "knee": 90},
    "tucked": {"out": 0.26, "up": -0.28, "front": 0.45, "knee": 45},
    "crossed": {"out": -0.1, "up": -0.42, "front": 0.4, "knee": 50},
    "kicking": {"out": 0.42, "up": -0.88, "front": 0.25, "knee": 30},
    "kick-up": {"out": 0.5, "up": -0.1, "front": 0.75, "knee": 40},
    "stiff": {"out": 0.16, "up": -0.98, "front": 0.1, "knee": 0, "point": 1},
    "sitting": {"out": 0.44, "up": -0.28, "front": 0.58, "knee": 58},
    "dangling": {"out": 0.2, "up": -0.76, "front": 0.16, "knee": 20},
    "lifted": {"out": 0.42, "up": 0.3, "front": 0.5, "knee": 70},
    "in-air": {"out": 0.42, "up": 0.12, "front": 0.86, "knee": 10, "point": 1},
    "in-air-low": {"out": -0.4, "up": -0.2, "front": 0.88, "knee": 10, "point": 1},
    "stiff-apart": {"out": 0.42, "up": -0.8, "front": 0.4, "knee": 0, "point": 1},
    "stiff-raised": {"out": 0.5, "up": -0.62, "front": 0.6, "knee": 0, "point": 1},
    "clasped": {"out": -0.1, "up": -0.5, "front": 0.3, "knee": 75, "clasp": 1},
    "bracing": {"out": 0.16, "up": -0.7, "front": -0.62, "knee": 0},
    "limp": {"out": 0.68, "up": -0.52, "front": 0.0, "knee": 90},
}

COLOURS: dict[str, Numbers] = {
    "none": {},
    "flushed": {"flush": 1.0},
    "pale": {"pale": 1.0},
    "dusky": {"dusky": 1.0},
    "mottled": {"mottle": 1.0, "pale": 0.4},
}

# 0 calm, 1 fast, -1 held.
BREATHS: dict[str, Numbers] = {
    "calm": {"breath": 0.0},
    "fast": {"breath": 1.0},
    "irregular": {"breath": 0.5},
    "held": {"breath": -1.0},
}

FACE_KEYS = [
    "gaze_x",
    "gaze_y",
    "gaze_apart",
    "lid",
    "squeeze",
    "glaze",
    "hollow",
    "brow_in",
    "brow_out",
    "brow_flat",
    "knit",
    "m_w",
    "m_open",
    "m_curve",
    "m_up",
    "m_square",
    "m_tongue",
    "m_gum",
    "m_press",
    "m_pout",
    "fold",
    "jaw",
    "cheek",
    "wrinkle",
    "tears",
    "flush",
    "pale",
    "dusky",
    "mottle",
]
FACE_REST: Numbers = dict.fromkeys(FACE_KEYS, 0.0) | {
    "lid": 1.0,
    "m_w": 0.18,
    "m_up": 0.5,
    "m_square": 2.0,
}

BODY_REST: Numbers = dict.fromkeys(
    ["turn", "tilt", "nod", "flex", "bend", "sag", "shrug", "toes", "breath"], 0.0
)
ARM_REST: Numbers = dict.fromkeys(
    ["out", "up", "front", "head", "elbow", "wrist", "palm", "curl", "spread", "thumb", "hold"], 0.0
)
LEG_REST: Numbers = dict.fromkeys(["out", "up", "front", "knee", "point", "clasp"], 0.0)

# What a grown-up's hand may hold.
CARER_HOLDS = (*TOYS, "phone")
# The grown-up's face. averted: 1 for eyes that are not on the baby; gaze then says where they are.
LOOKS: dict[str, Numbers] = {
    "neutral": {"brow_in": 0.1, "m_curve": 0.02},
    "smile": {**MOUTHS["smile"], "brow_in": 0.15, "brow_out": 0.4},
    "talking": {
        **MOUTHS["open-smile"],
        "m_open": 0.16,
        "m_w": 0.25,
        "brow_in": 0.6,
        "brow_out": 0.6,
    },
    "still": {"lid": 0.85, "m_w": 0.17, "m_curve": -0.03, "glaze": 0.8},
    "worried": {**BROWS["inner-up"], "m_w": 0.17, "m_curve": -0.05},
    "calm": {"lid": 0.95, "brow_in": 0.1, "brow_out": 0.2, "m_w": 0.2, "m_curve": 0.04},
    "loving": {
        "lid": 0.92,
        "brow_in": 0.2,
        "brow_out": 0.3,
        "m_w": 0.24,
        "m_curve": 0.085,
        "cheek": 0.45,
    },
    "concerned": {
        "lid": 1.08,
        "brow_in": 0.6,
        "brow_out": -0.05,
        "knit": 0.4,
        "m_w": 0.155,
        "m_curve": -0.012,
    },
    "tired": {"lid": 0.74, "glaze": 0.6, "brow_in": 0.25, "brow_out": -0.25, "m_curve": -0.01},
    "absent": {"averted": 1.0, "gaze_x": 0.1, "gaze_y": -0.8, "lid": 0.85, "m_w": 0.165},
    "away": {"averted": 1.0, "gaze_x": 0.9, "gaze_y": -0.2},
}
