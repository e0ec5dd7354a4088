"""The texts that can be searched, and the database's own search beside them.

SQLite: a virtual table of FTS5 over the rows of this one, kept by triggers. PostgreSQL: an index.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    """CREATE VIRTUAL TABLE courses_searchtext USING fts5(
         title, body, content='courses_searchentry', content_rowid='id', tokenize='porter unicode61'
       )""",
    """CREATE TRIGGER courses_searchentry_added AFTER INSERT ON courses_searchentry BEGIN
         INSERT INTO courses_searchtext(rowid, title, body) VALUES (new.id, new.title, new.body);
       END""",
    """CREATE TRIGGER courses_searchentry_deleted AFTER DELETE ON courses_searchentry BEGIN
         INSERT INTO courses_searchtext(courses_searchtext, rowid, title, body)
         VALUES ('delete', old.id, old.title, old.body);
       END""",
    """CREATE TRIGGER courses_searchentry_changed AFTER UPDATE ON courses_searchentry BEGIN
         INSERT INTO courses_searchtext(courses_searchtext, rowid, title, body)
         VALUES ('delete', old.id, old.title, old.body);
         INSERT INTO courses_searchtext(rowid, title, body) VALUES (new.id, new.title, new.body);
       END""",
]
SQLITE_BACK = [
    "DROP TRIGGER courses_searchentry_added",
    "DROP TRIGGER courses_searchentry_deleted",
    "DROP TRIGGER courses_searchentry_changed",
    "DROP TABLE courses_searchtext",
]
# `portfolio.search` has the same expression, or the index would not be used.
POSTGRES = [
    """CREATE INDEX courses_searchtext ON courses_searchentry USING gin (
         (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B'))
       )"""
]
POSTGRES_BACK = ["DROP INDEX courses_searchtext"]


def _run(schema_editor: Any, on_sqlite: list[str], on_postgres: list[str]) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in on_sqlite if is_sqlite else on_postgres:
        schema_editor.execute(statement, params=None)


def add_search(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE, POSTGRES)


def remove_search(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE_BACK, POSTGRES_BACK)


class Migration(migrations.Migration):
    dependencies = [("courses", "0015_tries_and_drafts")]

    operations = [
        migrations.CreateModel(
            "SearchEntry",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        max_length=5,
                        choices=[("step", "Step"), ("after", "After"), ("term", "Term"), ("sign", "Sign")],
                    ),
                ),
                ("key", models.CharField(max_length=130)),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.edition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "kind", "key"), name="one_entry_of_a_text")
                ],
            },
        ),
        migrations.RunPython(add_search, remove_search),
    ]
