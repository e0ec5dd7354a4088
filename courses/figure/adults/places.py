"""The stance that each setting asks of a grown-up: beside a mat or seat, on a chair, cradling.
What a stance is, is in stance.py. All are given for somebody on the right of the picture."""

from __future__ import annotations

from courses.figure.adults.stance import ArmPose, Stance

# A hand that rests on something flat, seen from its back.
RESTING = (0.12, 0.5, 0.7)
# A hand that lies round a body.
ROUND = (0.2, 0.0, 0.75)

# Somebody who kneels beside the mat or cot, or sits beside the seat: the near hand rests on it.
BESIDE = {
    "mat": Stance(
        head=(404, 116),
        size=1.1,
        yaw=-24,
        roll=-20,
        turn=-9,
        nod=10,
        tilt=-2,
        arms=(None, ArmPose((436, 394, 60), hand=172, grip=RESTING, elbow=(472, 326, 60))),
    ),
    "cot": Stance(
        head=(404, 112),
        size=1.1,
        yaw=-24,
        roll=-20,
        turn=-9,
        nod=10,
        tilt=-2,
        arms=(None, ArmPose((412, 356, 60), hand=172, grip=RESTING, elbow=(470, 316, 60))),
    ),
    "bouncer": Stance(
        head=(414, 116),
        size=1.12,
        yaw=-24,
        roll=-10,
        turn=-9,
        nod=8,
        tilt=-4,
        arms=(None, ArmPose((428, 302, 60), hand=180, grip=RESTING, elbow=(474, 334, 60))),
    ),
    "highchair": Stance(
        head=(416, 122),
        size=1.14,
        yaw=-24,
        roll=-8,
        turn=-9,
        nod=8,
        tilt=-4,
        arms=(None, ArmPose((402, 324, 60), hand=180, grip=RESTING, elbow=(464, 344, 60))),
    ),
}

# Somebody seated with the baby on the lap: one hand round the tummy, one under the thigh.
LAP = Stance(
    head=(268, 112),
    size=1.16,
    turn=-32,
    nod=14,
    tilt=-8,
    arms=(
        ArmPose((140, 330, 60), (-1, 0.3, 0), 16, faces=(0.2, 0.3, -1), grip=ROUND),
        ArmPose((280, 318, 60), (1, 0.6, 0), 166, faces=(-0.2, 0.2, -1), grip=ROUND),
    ),
)

# The hand that holds the head of a baby who is too young to.
BEHIND_HEAD = ArmPose(
    (138, 258, -40), hand=-80, faces=(0.4, 0, -1), grip=(0.15, 0.5, 0.9), is_before=False
)

# Somebody with the baby along one arm: the head in the crook of the elbow, a hand under the
# bottom, the other hand over the body.
UNDER_BABY = ArmPose((240, 366, 60), hand=-20, faces=(0, 0.3, -1), grip=ROUND, elbow=(106, 286, 20))
CRADLE = Stance(
    head=(262, 104),
    size=1.18,
    turn=-34,
    nod=18,
    tilt=-8,
    arms=(
        UNDER_BABY,
        ArmPose((324, 314, 70), (1, 0.8, 0), 188, faces=(-0.2, 0.3, -1), grip=ROUND),
    ),
)
