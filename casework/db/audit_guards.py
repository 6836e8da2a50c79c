"""Triggers that keep the audit trail append-only whoever is connected, and note each new row as not yet linked."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

# SQLite fires no delete trigger when INSERT OR REPLACE takes a row's place, so replacing is refused on its own
SQLITE = {
    "audit": (
        "CREATE TRIGGER audit_not_updated BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "audit_chain": (
        "CREATE TRIGGER audit_chain_not_updated BEFORE UPDATE ON audit_chain "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_chain_not_deleted BEFORE DELETE ON audit_chain "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_chain_not_replaced BEFORE INSERT ON audit_chain "
        "WHEN EXISTS (SELECT 1 FROM audit_chain WHERE seq = NEW.seq OR audit_id = NEW.audit_id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "audit_unlinked": (
        "CREATE TRIGGER audit_awaits_link AFTER INSERT ON audit "
        "BEGIN INSERT INTO audit_unlinked (audit_id) VALUES (NEW.id); END",
    ),
}

# error class 23: the driver raises the same IntegrityError that SQLite's does
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
AWAIT_LINK = """
CREATE OR REPLACE FUNCTION await_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unlinked (audit_id) VALUES (NEW.id);
    RETURN NULL;
END
$$
"""
POSTGRESQL = {
    "audit": (
        REFUSE,
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
    "audit_chain": (
        "CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
    "audit_unlinked": (
        AWAIT_LINK,
        "CREATE TRIGGER audit_awaits_link AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION await_link()",
    ),
}


def install(*tables: Table) -> None:
    """Make the triggers with the tables wherever `metadata.create_all` makes them; the migrations do it by their own.

    `audit` must be made before the others: their foreign keys see to it.
    """
    for table in tables:
        for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
            for statement in statements[table.name]:
                made = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
                event.listen(table, "after_create", made.execute_if(dialect=dialect))
