"""What is said of every exemplar alike: age, place and who is there. The cue itself is in its file.

Every word is observable, and none names a state.
"""

from collections.abc import Mapping
from typing import Any

# fmt: off
NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)
# fmt: on

PLACES = {
    "mat": "on a mat",
    "lap": "on an adult’s lap",
    "cot": "in a cot",
    "bouncer": "in a bouncer",
    "highchair": "in a high chair",
    "arms": "held in an adult’s arms",
}
POSTURES = {
    "mat": "lies on their back on a mat",
    "lap": "sits on an adult’s lap and faces us",
    "cot": "lies on their back in a cot",
    "bouncer": "leans back in a bouncer",
    "highchair": "sits in a high chair",
    "arms": "lies in the arms of an adult",
}
FROM_THE_SIDE = {
    "mat": "lies on a mat, seen from the side",
    "cot": "lies in a cot, seen from the side",
}
LOOKS = {
    "smile": "An adult beside the baby smiles.",
    "talking": "An adult beside the baby is talking.",
    "calm": "An adult is close by, with a calm face.",
}
HELD_LOOKS = {
    "smile": "The adult who holds the baby smiles.",
    "talking": "The adult who holds the baby is talking.",
    "calm": "The adult who holds the baby has a calm face.",
}
HANDS = {
    "rattle": "An adult’s hand holds a rattle at one side.",
    "ball": "An adult’s hand holds a ball at one side.",
    "bottle": "An adult’s hand holds out a bottle at one side.",
    "none": "An adult’s hand is at one side.",
}
DIFFERENCES = {
    "feeding-tube": "A thin feeding tube is taped to one cheek.",
    "repaired-cleft": "There is a fine scar between nose and lip.",
    "glasses": "The baby wears glasses.",
    "hearing-aid": "The baby wears a hearing aid.",
    "downs-syndrome": "The baby has Down’s syndrome.",
}


def age_words(months: int) -> str:
    """Such as "four months" or "a few days"; of a child past twenty months too."""
    if months == 0:
        return "two weeks"
    plural = "s" if months > 1 else ""
    return f"{NUMBERS[months - 1]} month{plural}"


def setting_sentence(months: int, setting: str, just_before: str) -> str:
    """What is known before the answer: age, place, what happened."""
    return f"{age_words(months).capitalize()} old, {PLACES[setting]}. {just_before}"


def describe(months: int, pose: Mapping[str, Any], says: str) -> str:
    """What can be seen in two to four sentences, the cue last."""
    setting = str(pose["setting"])
    posture = POSTURES[setting]
    if pose.get("view") == "side":
        posture = FROM_THE_SIDE.get(setting, posture)
    sentences = [f"A baby of about {age_words(months)} {posture}."]
    sentences += [DIFFERENCES[word] for word in pose.get("has", [])]
    adult = _adult(pose.get("carer"), setting)
    if adult:
        sentences.append(adult)
    sentences.append(says)
    return " ".join(sentences)


def _adult(carer: Any, setting: str) -> str:
    """Who is there besides whoever holds the baby; "" for nobody."""
    if not isinstance(carer, Mapping):
        return ""
    shows = carer.get("shows", "none")
    if shows == "face":
        looks = HELD_LOOKS if setting in ("lap", "arms") else LOOKS
        return looks[str(carer.get("look", "calm"))]
    if shows == "hand":
        return HANDS[str(carer.get("holds", "none"))]
    return ""
