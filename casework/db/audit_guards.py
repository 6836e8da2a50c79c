"""The database itself refuses to change or remove audit rows: triggers on both engines, made with the tables."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def guard(table: Table) -> None:
    """Have `table` refuse UPDATE, DELETE and (on PostgreSQL) TRUNCATE from the moment it is made."""
    name = table.name
    for verb in ("UPDATE", "DELETE"):
        trigger = (
            f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
        event.listen(table, "after_create", DDL(trigger).execute_if(dialect="sqlite"))
    event.listen(table, "after_create", DDL(PG_FUNCTION).execute_if(dialect="postgresql"))
    on_rows = (
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    on_table = (
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for trigger in (on_rows, on_table):
        event.listen(table, "after_create", DDL(trigger).execute_if(dialect="postgresql"))
