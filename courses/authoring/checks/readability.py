"""How hard a text is to read: the Flesch–Kincaid grade. Which text of a course is read is told by its callers.

Kincaid JP and others (1975): grade = 0.39 × words a sentence + 11.8 × syllables a word − 15.59.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from courses.library import content
from courses.library.markdown import paragraphs, plain

MOST = 9.0  # the grade that a lesson's prose should not exceed
SHORTEST = 4  # words; what is shorter is a label
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“‘(\[]*[A-Z0-9])")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

VOWELS = re.compile(r"[aeiouyàâäéèêëíîïóôöúûüŵŷ]+")
CONSONANT_U_OR_Y = re.compile(r"(?<=q)u|(?<=g)u(?=[aeiouy])|(?<=[aeiou])y(?=[aeiou])")
# Where one group of vowels is spoken as two syllables ...
SPLIT = [
    r"(?<![cgstx])ia(?!u)|(?<![cgnstx])(?<!ll)io(?!u)",  # trial, period; not special, nation, million
    r"(?<![cgstx])iou(?!r)|neous|ium|iu[ms]",  # serious, spontaneous, medium
    r"[ct]iat|scien|(?<!fr)(?<![cts])ien|iet(?!$)|iet$",  # associate, science, client, quiet
    r"(?<=[^aeiou])ie(?:rs?|st)$",  # earlier
    r"ua(?!de|bl)|uo|ue(?:l|nt|nc|r)|lui|nui(?!s)|tui|ruin|suici|ruism",  # usual, fluent, fluid
    r"poe[mt]|^coe|^coo[pr]|(?<![prg])eo(?![up])|theor|neo",  # poem, cooperate, video
    r"creat|area|idea|^rea(?:ct|ssur|ppear|li[st])|^re[eiou]|^pre[eio]|theat|museum|chao|[mv]eat$",
    r"[aeiou]ings?$|(?<=[^aeiou])y[aei](?!$)",  # doing, crying
    r"[st]hm$|[ai]sms?$",  # rhythm, autism
    r"[dstz]n't$",  # didn't; not don't
]
# ... and where an e is written and not spoken.
SILENT = [
    r"(?<=[^aeiouy])e$(?<![^aeiouyrl]le)(?<!tre)(?<!cre)(?<!bre)",  # home; not table, centre
    r"(?<=[^aeiouysxzcg])(?<![cs]h)es$(?<![^aeiouyrl]les)(?<!tres)",  # homes; not houses, tables
    r"(?<=[^aeiouytd])ed$(?<![^aeiouyrlw]led)",  # named; not wanted, settled
    r"(?<=[^aeiouy])e(?=ly$|full|ful$|less|ness$|ments?$)(?<![lpm]e)|(?<=[aeo]m)e(?=ly$|less)",  # safely, movement
    r"(?<=[qw])wes?$|(?<=[^r]g)ues?$",  # unique, league
    r"^(?:(?:care|safe)(?=[gltw])|(?:some|home|life|time|fore|where|base|face|frame|name|there|case)(?=[^aeiouydrsvn]))",
    r"(?:guide|frame|case)(?=[lw])|^every(?=.)|^evening",
]
MORE, LESS = re.compile("|".join(SPLIT)), re.compile("|".join(SILENT))
BY_HEART = {
    "every": 2,
    "someone": 2,
    "anyone": 3,
    "everyone": 3,
    "somewhere": 2,
    "business": 2,
    "wednesday": 2,
    "maybe": 2,
}
BY_HEART |= {
    "hopeful": 2,
    "elsewhere": 2,
    "notebook": 2,
    "guidelines": 2,
    "temperament": 3,
    "tired": 2,
}
BY_HEART |= {
    "argue": 2,
    "argued": 2,
    "argues": 2,
    "wherever": 3,
    "laboratory": 4,
    "naomi": 3,
    "caveat": 3,
}


@dataclass(frozen=True)
class Sentence:
    """A sentence with its numbers of words and of syllables."""

    text: str
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        return _grade(1, self.words, self.syllables)


def grade_of(text: str) -> float:
    """The school grade that a text of whole sentences asks for, about 0 to 20; 0 for a text without a word.

    The end of a line ends a sentence, so text is given a paragraph a line.
    """
    found = list(sentences(text))
    words, spoken = sum(one.words for one in found), sum(one.syllables for one in found)
    return max(0.0, _grade(len(found), words, spoken)) if words else 0.0


def _grade(sentences: int, words: int, syllables: int) -> float:
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, in order."""
    for line in text.splitlines():
        for sentence in SENTENCE_END.split(line):
            if words := WORD.findall(sentence):
                yield Sentence(sentence.strip(), len(words), sum(map(syllables, words)))


@lru_cache(20_000)
def syllables(word: str) -> int:
    """How many syllables a word has; right for 99 of 100 words of the courses, held against a dictionary of sounds.

    A figure counts as one, as in the formula; short words in capitals are spelt out.
    """
    if len(word) <= 3 and word.isupper():
        return len(word)
    small = word.lower().replace("’", "'").removesuffix("'s")
    if small in BY_HEART:
        return BY_HEART[small]
    small = CONSONANT_U_OR_Y.sub("w", small)
    return max(1, len(VOWELS.findall(small)) + len(MORE.findall(small)) - len(LESS.findall(small)))


def prose_of(lesson: content.Lesson) -> str:
    """What a learner may read in a lesson in whole sentences, a paragraph a line: headings, tables and labels are none."""
    texts = (text for step in lesson.steps for block in step.blocks for text in texts_of(block))
    return "\n".join(
        line for text in texts for line in paragraphs(text) if len(line.split()) >= SHORTEST
    )


def words_in(html: str) -> int:
    """How many words a rendered text has, headings and tables with it."""
    return len(plain(html).split())


def texts_of(block: content.Block) -> Iterator[str]:
    """The rendered texts of a block, in the order they are met."""
    yield from (block.html, block.start, block.model, block.near_miss, *block.points)
    if block.item:
        yield block.item.stem
        for answer in block.item.answers:
            yield from (answer.html, answer.feedback)
    for moment in block.moments:
        yield moment.html
        for choice in moment.choices:
            yield from (choice.html, choice.feedback)
