"""Searching texts by the database's own search: FTS5 on SQLite, text search on PostgreSQL.

Which texts somebody may find is decided in `look_up`; the words come from `words`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from courses.portfolio.models import SearchEntry
from courses.portfolio.words import BEGIN, END, is_whole

MOST_FOUND = 80
OF_STEPS = (SearchEntry.Kind.STEP.value, SearchEntry.Kind.AFTER.value)
OF_COURSES = (SearchEntry.Kind.TERM.value, SearchEntry.Kind.SIGN.value)

SQLITE = """
    SELECT entry.edition_id, entry.kind, entry.key, entry.title,
           snippet(courses_searchtext, 1, %s, %s, ' … ', 28)
      FROM courses_searchtext
      JOIN courses_searchentry entry ON entry.id = courses_searchtext.rowid
     WHERE courses_searchtext MATCH %s AND {chosen}
     ORDER BY bm25(courses_searchtext, 5.0, 1.0), entry.id
     LIMIT %s
"""

# The vector is that of the index in migration 0016: change both together. Only what is shown is
# cut to a snippet, as that takes longer than finding it.
POSTGRES = """
    WITH wanted AS (SELECT to_tsquery('english', %s) AS query),
    found AS (
      SELECT entry.*, ts_rank(
               setweight(to_tsvector('english', title), 'A')
               || setweight(to_tsvector('english', body), 'B'), wanted.query) AS rank
        FROM courses_searchentry entry, wanted
       WHERE (setweight(to_tsvector('english', title), 'A')
              || setweight(to_tsvector('english', body), 'B')) @@ wanted.query
         AND {chosen}
       ORDER BY rank DESC, entry.id
       LIMIT %s
    )
    SELECT found.edition_id, found.kind, found.key, found.title,
           ts_headline('english', found.body, wanted.query, %s)
      FROM found, wanted
     ORDER BY found.rank DESC, found.id
"""


@dataclass(frozen=True)
class Found:
    """One text that has all the words. `excerpt` is plain text with BEGIN and END around them."""

    edition_id: int
    kind: str
    key: str
    title: str
    excerpt: str


def find_texts(
    words: Sequence[str], step_editions: Sequence[int], course_editions: Sequence[int]
) -> list[Found]:
    """The texts with all these words, the best first, in one SQL query; none for no words.

    Args:
        words: as `words.words_in` gives them.
        step_editions: ids of the editions whose steps are searched.
        course_editions: ids of those whose terms and signs are.
    """
    if not words or not (step_editions or course_editions):
        return []
    chosen, values = _chosen(step_editions, course_editions)
    if connection.vendor == "sqlite":
        sql = SQLITE.format(chosen=chosen)
        parameters: list[int | str] = [BEGIN, END, _sqlite_query(words), *values, MOST_FOUND]
    else:
        sql = POSTGRES.format(chosen=chosen)
        marks = f"StartSel={BEGIN}, StopSel={END}, MaxWords=30, MinWords=15"
        parameters = [_postgres_query(words), *values, MOST_FOUND, marks]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Found(*row) for row in cursor.fetchall()]


def _chosen(
    step_editions: Sequence[int], course_editions: Sequence[int]
) -> tuple[str, list[int | str]]:
    """The condition on kind and edition, and its values."""
    parts, values = [], list[int | str]()
    for kinds, editions in ((OF_STEPS, step_editions), (OF_COURSES, course_editions)):
        if not editions:
            continue
        kind_marks = ", ".join(["%s"] * len(kinds))
        edition_marks = ", ".join(["%s"] * len(editions))
        parts.append(f"(entry.kind IN ({kind_marks}) AND entry.edition_id IN ({edition_marks}))")
        values += [*kinds, *editions]
    return f"({' OR '.join(parts)})", values


def _sqlite_query(words: Sequence[str]) -> str:
    """In FTS5's language: quoted, so that no word is one of its operators."""
    terms = [f'"{word}"' if is_whole(word) else f'"{word}"*' for word in words]
    return " AND ".join(terms)


def _postgres_query(words: Sequence[str]) -> str:
    terms = [f"'{word}'" if is_whole(word) else f"'{word}':*" for word in words]
    return " & ".join(terms)
