"""panels whole: approvals, lanes, offers, papers, agenda versions, attendance, decisions, actions, trackers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

CHECKS = {
    'booked_within_capacity': 'booked >= 0 AND booked <= capacity',
    'urgent_within_held': 'urgent_booked >= 0 AND urgent_booked <= urgent_slots',
    'share_within_held': 'share_booked >= 0 AND share_booked <= share_slots',
    'lanes_within_slots': 'capacity >= 0 AND capacity + urgent_slots + share_slots <= slots',
    'booked_within_minutes': 'minutes_booked >= 0 AND minutes_booked <= minutes',
}


def upgrade() -> None:
    op.create_table('addenda',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_addenda_by_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_addenda_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_addenda')),
    sa.UniqueConstraint('nonce', name=op.f('uq_addenda_nonce'))
    )
    with op.batch_alter_table('addenda', schema=None) as batch_op:
        batch_op.create_index('ix_addenda_sitting_id', ['sitting_id', 'at'], unique=False)

    op.create_table('agenda_seen',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_agenda_seen_person_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_agenda_seen_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_seen')),
    sa.UniqueConstraint('sitting_id', 'person_id', name=op.f('uq_agenda_seen_sitting_id_person_id'))
    )
    op.create_table('agendas',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('released_at', sa.BigInteger(), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_agendas_by_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_agendas_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agendas')),
    sa.UniqueConstraint('sitting_id', 'version', name=op.f('uq_agendas_sitting_id_version'))
    )
    op.create_table('attendance',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('stands_for_id', sa.String(length=32), nullable=True),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_attendance_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_attendance_person_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_attendance_sitting_id')),
    sa.ForeignKeyConstraint(['stands_for_id'], ['people.id'], name=op.f('fk_attendance_stands_for_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('sitting_id', 'person_id', name=op.f('uq_attendance_sitting_id_person_id'))
    )
    op.create_table('minutes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('confirmed_by_id', sa.String(length=32), nullable=False),
    sa.Column('confirmed_at', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['people.id'], name=op.f('fk_minutes_confirmed_by_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_minutes_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes')),
    sa.UniqueConstraint('sitting_id', name=op.f('uq_minutes_sitting_id'))
    )
    op.create_table('trackers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('case_ref', sa.String(length=32), nullable=False),
    sa.Column('worker_id', sa.String(length=32), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('letter_on', sa.Date(), nullable=True),
    sa.Column('meeting_on', sa.Date(), nullable=True),
    sa.Column('hearing_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('unborn_due_on', sa.Date(), nullable=True),
    sa.Column('extended_weeks', sa.Integer(), server_default='0', nullable=False),
    sa.Column('has_permanence_plan', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('from_item_id', sa.String(length=32), nullable=True),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['case_ref'], ['cases.id'], name=op.f('fk_trackers_case_ref')),
    sa.ForeignKeyConstraint(['worker_id'], ['people.id'], name=op.f('fk_trackers_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trackers'))
    )
    with op.batch_alter_table('trackers', schema=None) as batch_op:
        batch_op.create_index('uq_trackers_open', ['stage', 'case_ref'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('advice',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_advice_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_advice_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice'))
    )
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.create_index('ix_advice_item_id', ['item_id', 'at'], unique=False)

    op.create_table('conflicts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_conflicts_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_conflicts_item_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_conflicts_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflicts')),
    sa.UniqueConstraint('item_id', 'person_id', name=op.f('uq_conflicts_item_id_person_id'))
    )
    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.create_index('ix_conflicts_person_id', ['person_id'], unique=False)

    op.create_table('item_actions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('what', sa.LargeBinary(), nullable=False),
    sa.Column('owner_id', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('made_by_id', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('done_by_id', sa.String(length=32), nullable=True),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['done_by_id'], ['people.id'], name=op.f('fk_item_actions_done_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_actions_item_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['people.id'], name=op.f('fk_item_actions_made_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('fk_item_actions_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_actions'))
    )
    with op.batch_alter_table('item_actions', schema=None) as batch_op:
        batch_op.create_index('ix_item_actions_due_on', ['state', 'due_on'], unique=False)
        batch_op.create_index('ix_item_actions_item_id', ['item_id'], unique=False)
        batch_op.create_index('ix_item_actions_owner_id', ['owner_id', 'state', 'due_on'], unique=False)

    op.create_table('item_children',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('case_ref', sa.String(length=32), nullable=False),
    sa.Column('initials', sa.LargeBinary(), nullable=True),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['case_ref'], ['cases.id'], name=op.f('fk_item_children_case_ref')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_children_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_children')),
    sa.UniqueConstraint('item_id', 'case_ref', name=op.f('uq_item_children_item_id_case_ref'))
    )
    with op.batch_alter_table('item_children', schema=None) as batch_op:
        batch_op.create_index('ix_item_children_case_ref', ['case_ref'], unique=False)

    op.create_table('item_events',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_item_events_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_events_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_events')),
    sa.UniqueConstraint('nonce', name=op.f('uq_item_events_nonce'))
    )
    with op.batch_alter_table('item_events', schema=None) as batch_op:
        batch_op.create_index('ix_item_events_item_id', ['item_id', 'at'], unique=False)

    op.create_table('item_papers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=True),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_item_papers_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_papers_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_papers')),
    sa.UniqueConstraint('item_id', 'code', name=op.f('uq_item_papers_item_id_code'))
    )
    op.create_table('offers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('lane', sa.String(length=8), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('offered_at', sa.BigInteger(), nullable=False),
    sa.Column('lapses_at', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_offers_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_offers_item_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_offers_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offers')),
    sa.UniqueConstraint('item_id', 'sitting_id', name=op.f('uq_offers_item_id_sitting_id'))
    )
    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.create_index('ix_offers_item_id', ['item_id', 'state'], unique=False)
        batch_op.create_index('ix_offers_sitting_id', ['sitting_id', 'state'], unique=False)

    op.create_table('tracker_children',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('tracker_id', sa.String(length=32), nullable=False),
    sa.Column('case_ref', sa.String(length=32), nullable=False),
    sa.Column('initials', sa.LargeBinary(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_ref'], ['cases.id'], name=op.f('fk_tracker_children_case_ref')),
    sa.ForeignKeyConstraint(['tracker_id'], ['trackers.id'], name=op.f('fk_tracker_children_tracker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracker_children')),
    sa.UniqueConstraint('tracker_id', 'case_ref', name=op.f('uq_tracker_children_tracker_id_case_ref'))
    )
    op.create_table('decisions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.Column('case_ref', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=True),
    sa.Column('panel', sa.String(length=16), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('is_in_principle', sa.Boolean(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('decided_at', sa.BigInteger(), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('rulebook_version', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_decisions_by_id')),
    sa.ForeignKeyConstraint(['case_ref'], ['cases.id'], name=op.f('fk_decisions_case_ref')),
    sa.ForeignKeyConstraint(['child_id'], ['item_children.id'], name=op.f('fk_decisions_child_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_decisions_item_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_decisions_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index('ix_decisions_case_ref', ['case_ref', 'decided_on'], unique=False)
        batch_op.create_index('ix_decisions_item_id', ['item_id'], unique=False)
        batch_op.create_index('ix_decisions_sitting_id', ['sitting_id'], unique=False)

    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.add_column(sa.Column('summary', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('deadline_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('wanted_sitting_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('is_urgent', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('minutes', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('deferrals', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('carries_over', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('late', sa.String(length=8), server_default='', nullable=False))
        batch_op.add_column(sa.Column('awaiting', sa.String(length=8), server_default='', nullable=False))
        batch_op.add_column(sa.Column('origin', sa.String(length=8), server_default='request', nullable=False))
        batch_op.add_column(sa.Column('parent_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('tracker_id', sa.String(length=32), nullable=True))
        batch_op.create_index('ix_items_tracker_id', ['tracker_id', 'state'], unique=False)

    with op.batch_alter_table('sittings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('minutes', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('minutes_booked', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('urgent_slots', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('urgent_booked', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('share_slots', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('share_booked', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('is_urgent_released', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('is_share_released', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('agenda_state', sa.String(length=10), server_default='draft', nullable=False))
        batch_op.add_column(sa.Column('agenda_version', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('started_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.BigInteger(), nullable=True))

    with op.batch_alter_table('slots', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lane', sa.String(length=8), server_default='open', nullable=False))
        batch_op.add_column(sa.Column('minutes', sa.Integer(), server_default='0', nullable=False))

    # what stands is counted anew: held slots apart from open ones, and the minutes each item has
    op.execute("UPDATE slots SET minutes = (SELECT slot_minutes FROM sittings WHERE sittings.id = slots.sitting_id)")
    op.execute("UPDATE sittings SET minutes = (ends_at - starts_at) / 60000000")
    op.execute("UPDATE sittings SET capacity = booked WHERE booked > capacity")
    op.execute("UPDATE sittings SET urgent_slots = slots - capacity WHERE kind = 'ordinary'")
    op.execute("UPDATE sittings SET minutes_booked = booked * slot_minutes")
    op.execute("UPDATE sittings SET agenda_state = 'released' WHERE agenda_sent_at IS NOT NULL")
    op.execute(
        "INSERT INTO item_children (id, item_id, case_ref, place, state) "
        "SELECT id, id, case_ref, 1, 'open' FROM items"
    )
    with op.batch_alter_table('sittings', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sittings_booked_within_slots'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_sittings_capacity_within_slots'), type_='check')
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f'ck_sittings_{name}'), rule)


def downgrade() -> None:
    with op.batch_alter_table('sittings', schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(batch_op.f(f'ck_sittings_{name}'), type_='check')
    op.execute("UPDATE sittings SET booked = booked + urgent_booked + share_booked, capacity = capacity + share_slots")
    with op.batch_alter_table('sittings', schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f('ck_sittings_booked_within_slots'), 'booked >= 0 AND booked <= slots'
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_sittings_capacity_within_slots'), 'capacity >= 0 AND capacity <= slots'
        )
    with op.batch_alter_table('slots', schema=None) as batch_op:
        batch_op.drop_column('minutes')
        batch_op.drop_column('lane')

    with op.batch_alter_table('sittings', schema=None) as batch_op:
        batch_op.drop_column('closed_at')
        batch_op.drop_column('started_at')
        batch_op.drop_column('agenda_version')
        batch_op.drop_column('agenda_state')
        batch_op.drop_column('is_share_released')
        batch_op.drop_column('is_urgent_released')
        batch_op.drop_column('share_booked')
        batch_op.drop_column('share_slots')
        batch_op.drop_column('urgent_booked')
        batch_op.drop_column('urgent_slots')
        batch_op.drop_column('minutes_booked')
        batch_op.drop_column('minutes')

    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.drop_index('ix_items_tracker_id')
        batch_op.drop_column('tracker_id')
        batch_op.drop_column('parent_id')
        batch_op.drop_column('origin')
        batch_op.drop_column('awaiting')
        batch_op.drop_column('late')
        batch_op.drop_column('carries_over')
        batch_op.drop_column('deferrals')
        batch_op.drop_column('minutes')
        batch_op.drop_column('is_urgent')
        batch_op.drop_column('wanted_sitting_id')
        batch_op.drop_column('deadline_on')
        batch_op.drop_column('summary')

    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.drop_index('ix_decisions_sitting_id')
        batch_op.drop_index('ix_decisions_item_id')
        batch_op.drop_index('ix_decisions_case_ref')

    op.drop_table('decisions')
    op.drop_table('tracker_children')
    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.drop_index('ix_offers_sitting_id')
        batch_op.drop_index('ix_offers_item_id')

    op.drop_table('offers')
    op.drop_table('item_papers')
    with op.batch_alter_table('item_events', schema=None) as batch_op:
        batch_op.drop_index('ix_item_events_item_id')

    op.drop_table('item_events')
    with op.batch_alter_table('item_children', schema=None) as batch_op:
        batch_op.drop_index('ix_item_children_case_ref')

    op.drop_table('item_children')
    with op.batch_alter_table('item_actions', schema=None) as batch_op:
        batch_op.drop_index('ix_item_actions_owner_id')
        batch_op.drop_index('ix_item_actions_item_id')
        batch_op.drop_index('ix_item_actions_due_on')

    op.drop_table('item_actions')
    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.drop_index('ix_conflicts_person_id')

    op.drop_table('conflicts')
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.drop_index('ix_advice_item_id')

    op.drop_table('advice')
    with op.batch_alter_table('trackers', schema=None) as batch_op:
        batch_op.drop_index('uq_trackers_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.drop_table('trackers')
    op.drop_table('minutes')
    op.drop_table('attendance')
    op.drop_table('agendas')
    op.drop_table('agenda_seen')
    with op.batch_alter_table('addenda', schema=None) as batch_op:
        batch_op.drop_index('ix_addenda_sitting_id')

    op.drop_table('addenda')
