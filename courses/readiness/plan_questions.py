"""The questions of the founding briefing to a local plan, each with its source. Plain Python.

Source: the briefing "Does your local NHS Strategic Plan deliver improved mental health services
for ALL children?" (Parent Infant Partnership UK, 2019), facts A1 to A14, and for three of them
what was published since (A24, A29, D13). The questions are ours; the quoted words are the source's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from courses.readiness.currency import months_before

BRIEFING = "Parent Infant Partnership UK, briefing of 2019"
STALE_MONTHS = 12


@dataclass(frozen=True)
class PlanQuestion:
    """One question. `key` is permanent, `short` stands in the document and in messages.

    `why` is a reason in the words of `source`, and `facts` are its ids in the fact sheet.
    """

    key: str
    group: str
    short: str
    text: str
    why: str
    source: str
    facts: tuple[str, ...]


SERVICES, SKILLS, PLAN = "What families can get", "What staff can do", "What the plan says"

QUESTIONS = (
    PlanQuestion(
        key="takes-referrals",
        group=SERVICES,
        short="Takes referrals for babies aged two and under",
        text=(
            "Do our children’s mental health services take referrals for babies aged two and "
            "under?"
        ),
        why=(
            "In 2019, in response to a Freedom of Information request, “42% of CCG areas in "
            "England said their CAMHS service would not accept referrals for children aged two "
            "or under”."
        ),
        source=BRIEFING,
        facts=("A8",),
    ),
    PlanQuestion(
        key="seen-in-practice",
        group=SERVICES,
        short="Babies were seen in the last twelve months",
        text=(
            "Were babies aged two and under seen in the last twelve months, and not only "
            "accepted on paper?"
        ),
        why=(
            "“Not all mental health trusts take referrals for babies aged 0-2 and most of those "
            "that do, see less than 10 babies a year.”"
        ),
        source="Parent-Infant Foundation, Who is holding the baby?, 2025",
        facts=("A29",),
    ),
    PlanQuestion(
        key="thresholds-fit-babies",
        group=SERVICES,
        short="Thresholds fit babies",
        text="Can a baby meet our thresholds without a diagnosis?",
        why=(
            "Services “might require service users to meet certain thresholds which exclude "
            "babies whose mental health needs must be understood in a different way”."
        ),
        source=BRIEFING,
        facts=("A14",),
    ),
    PlanQuestion(
        key="parent-infant-team",
        group=SERVICES,
        short="A parent-infant relationship team",
        text="Is there a specialised parent-infant relationship team for our area?",
        why=(
            "The authors held that “without commissioning parent-infant relationship support, "
            "it is unlikely that local systems will be able to meet the mental health needs of "
            "the youngest children”."
        ),
        source=BRIEFING,
        facts=("A10",),
    ),
    PlanQuestion(
        key="training-offered",
        group=SKILLS,
        short="Training offered to others",
        text=(
            "Is training on babies’ mental health offered to other professionals who work with "
            "families?"
        ),
        why=(
            "“Babies’ needs are not identified because professionals may not have the training "
            "to recognise signs of early stress and trauma.”"
        ),
        source=BRIEFING,
        facts=("A10", "A14"),
    ),
    PlanQuestion(
        key="supervision-offered",
        group=SKILLS,
        short="Supervision offered",
        text="Is supervision on work with babies offered to them?",
        why=(
            "Parent-infant relationship teams “can do this important work and also provide "
            "training, supervision and consultation to other professionals”."
        ),
        source=BRIEFING,
        facts=("A10",),
    ),
    PlanQuestion(
        key="consultation-offered",
        group=SKILLS,
        short="Consultation offered",
        text="Can a professional who worries about a baby get a consultation?",
        why=(
            "Parent-infant relationship teams “can do this important work and also provide "
            "training, supervision and consultation to other professionals”."
        ),
        source=BRIEFING,
        facts=("A10",),
    ),
    PlanQuestion(
        key="camhs-skills",
        group=SKILLS,
        short="CAMHS staff have the skills for babies",
        text="Do our CAMHS staff have the skills that work with under-twos needs?",
        why=(
            "“Babies’ needs are not supported because professionals in CAMHS may not have the "
            "specific skills and expertise to meet their needs.”"
        ),
        source=BRIEFING,
        facts=("A9", "A14"),
    ),
    PlanQuestion(
        key="babies-named",
        group=PLAN,
        short="Babies are named in the plan",
        text="Does our plan name babies, or under-twos, in so many words?",
        why=(
            "“Every local NHS strategic plan should set out how mental health services will be "
            "expanded to meet the needs of all children, from birth upwards.”"
        ),
        source=BRIEFING,
        facts=("A11",),
    ),
    PlanQuestion(
        key="babies-counted",
        group=PLAN,
        short="Babies are counted",
        text="Does our plan say how many under-twos were referred, seen and turned away?",
        why="Babies who are seen elsewhere are often not recorded.",
        source="Parent-Infant Foundation, Who is holding the baby?, 2025",
        facts=("A29",),
    ),
    PlanQuestion(
        key="babies-funded",
        group=PLAN,
        short="Money for babies is named",
        text="Does our plan say what will be spent on the mental health of under-twos?",
        why=(
            "The briefing asks: “What is your area doing to improve mental health provision for "
            "children aged two and under?”"
        ),
        source=BRIEFING,
        facts=("A14",),
    ),
    PlanQuestion(
        key="babies-prioritised",
        group=PLAN,
        short="Babies keep their place when services are stretched",
        text=(
            "Is there a rule that keeps babies from coming last when services are stretched?"
        ),
        why=(
            "“Babies are not prioritised because stretched services may be under pressure to "
            "prioritise cases which are perceived to be more urgent.”"
        ),
        source=BRIEFING,
        facts=("A14",),
    ),
)  # fmt: skip


def question_of(key: str) -> PlanQuestion | None:
    """The question with this key, None where there is none."""
    for question in QUESTIONS:
        if question.key == key:
            return question
    return None


def is_stale(checked_on: date, today: date) -> bool:
    """Whether an answer was last checked more than twelve months ago.

    Source: our own rule. Local plans are refreshed every year or later.
    """
    return checked_on < months_before(today, STALE_MONTHS)


@dataclass(frozen=True)
class PlanSummary:
    """How many of the questions have each answer, in the order yes, partly, no, not known, open.

    `stale` is how many answers were checked more than a year ago, whatever they say.
    """

    yes: int
    partly: int
    no: int
    not_known: int
    unanswered: int
    stale: int

    @property
    def words(self) -> str:
        """The counts as one sentence."""
        parts = [
            f"{self.yes} yes",
            f"{self.partly} partly",
            f"{self.no} no",
            f"{self.not_known} not known",
            f"{self.unanswered} not answered yet",
        ]
        return ", ".join(parts)


def summary_of(answers: Sequence[tuple[str, date]], today: date) -> PlanSummary:
    """The numbers of the newest answers, each with the day it was checked."""
    values = [answer for answer, _ in answers]
    return PlanSummary(
        yes=values.count("yes"),
        partly=values.count("partly"),
        no=values.count("no"),
        not_known=values.count("not-known"),
        unanswered=len(QUESTIONS) - len(values),
        stale=sum(is_stale(checked_on, today) for _, checked_on in answers),
    )
