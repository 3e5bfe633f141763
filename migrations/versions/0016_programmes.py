"""programmes, cohorts with quotas, nominations.

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

NEW = ('programme_id', 'terms', 'capacity', 'mode', 'place', 'nominate_until', 'confirm_hours', 'decision_number', 'decided_on', 'quiz_id', 'test_choice')


def upgrade() -> None:
    op.create_table('programmes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False, comment='e.g. NTVD'),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='owner; lent to all units below'),
    sa.Column('terms', elearn.core.types.Json(), nullable=False, comment='lessons, conditions, attendance, parts of the mark, grades: rules.programmes.Terms'),
    sa.Column('version', sa.Integer(), nullable=False, comment='counts saves of the terms'),
    sa.Column('is_open', sa.Boolean(), nullable=False, comment='offered when a class is opened'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('version >= 1', name=op.f('ck_programmes_version')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_programmes_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programmes')),
    sa.UniqueConstraint('code', name=op.f('uq_programmes_code'))
    )
    op.create_index(op.f('ix_programmes_unit_id'), 'programmes', ['unit_id'], unique=False)
    with op.batch_alter_table('cohorts') as batch:
        batch.alter_column('edition_id', existing_type=sa.Integer(), nullable=True, comment='the part studied on line, if any')
        batch.alter_column('due_at', existing_type=elearn.core.types.UtcDateTime(timezone=True), existing_nullable=False, comment='end of the last day; deadline to complete the course')
        batch.add_column(sa.Column('programme_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('terms', elearn.core.types.Json(), nullable=True, comment="copy of the programme's terms on the day"))
        batch.add_column(sa.Column('capacity', sa.Integer(), nullable=True, comment='people; empty: no limit'))
        batch.add_column(sa.Column('mode', sa.String(length=10), nullable=False, server_default='online', comment='place, online or both'))
        batch.add_column(sa.Column('place', sa.String(length=200), nullable=False, server_default=''))
        batch.add_column(sa.Column('nominate_until', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='later nominations are marked late'))
        batch.add_column(sa.Column('confirm_hours', sa.Integer(), nullable=False, server_default='48', comment='how long an offered place is kept'))
        batch.add_column(sa.Column('decision_number', sa.String(length=60), nullable=False, server_default='', comment='of the decision that opens the class'))
        batch.add_column(sa.Column('decided_on', sa.Date(), nullable=True, comment='day of that decision; set: approved people are enrolled'))
        batch.add_column(sa.Column('quiz_id', sa.Integer(), nullable=True, comment='the test; empty: that of the course edition'))
        batch.add_column(sa.Column('test_choice', sa.String(length=10), nullable=False, server_default='best', comment='best or last attempt counts'))
        batch.create_foreign_key(op.f('fk_cohorts_quiz_id_quizzes'), 'quizzes', ['quiz_id'], ['id'])
        batch.create_foreign_key(op.f('fk_cohorts_programme_id_programmes'), 'programmes', ['programme_id'], ['id'])
        batch.create_check_constraint(op.f('ck_cohorts_subject'), 'edition_id IS NOT NULL OR programme_id IS NOT NULL')
        batch.create_check_constraint(op.f('ck_cohorts_terms'), '(programme_id IS NULL) = (terms IS NULL)')
        batch.create_check_constraint(op.f('ck_cohorts_capacity'), 'capacity IS NULL OR capacity > 0')
        batch.create_check_constraint(op.f('ck_cohorts_mode'), "mode IN ('place', 'online', 'both')")
        batch.create_index(op.f('ix_cohorts_programme_id'), ['programme_id'], unique=False)
    with op.batch_alter_table('cohorts') as batch:
        for name in ('mode', 'place', 'confirm_hours', 'decision_number', 'test_choice'):
            batch.alter_column(name, server_default=None)
    op.create_table('cohort_quotas',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='as on the day'),
    sa.Column('quota', sa.Integer(), nullable=False, comment='people'),
    sa.CheckConstraint('quota > 0', name=op.f('ck_cohort_quotas_quota')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_quotas_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_cohort_quotas_unit_id_units')),
    sa.PrimaryKeyConstraint('cohort_id', 'unit_id', name=op.f('pk_cohort_quotas'))
    )
    op.create_index(op.f('ix_cohort_quotas_unit_id'), 'cohort_quotas', ['unit_id'], unique=False)
    op.create_table('cohort_staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False, comment='lecturer or committee'),
    sa.Column('position', sa.Integer(), nullable=False, comment='order of the list'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='empty: somebody from outside'),
    sa.Column('display_name', sa.String(length=120), nullable=False, comment='name on the day'),
    sa.Column('duty', sa.String(length=200), nullable=False, comment='post of a lecturer, e.g. Giảng viên; of the committee, e.g. Lớp trưởng'),
    sa.CheckConstraint("role IN ('lecturer', 'committee')", name=op.f('ck_cohort_staff_role')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_staff_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_cohort_staff_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_staff'))
    )
    op.create_index(op.f('ix_cohort_staff_cohort_id'), 'cohort_staff', ['cohort_id'], unique=False)
    op.create_index(op.f('ix_cohort_staff_member_id'), 'cohort_staff', ['member_id'], unique=False)
    op.create_table('nominations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit whose quota it uses'),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='its name on the day'),
    sa.Column('display_name', sa.String(length=120), nullable=False, comment='name on the day'),
    sa.Column('home_unit_name', sa.String(length=200), nullable=False, comment="the person's own unit on the day"),
    sa.Column('state', sa.String(length=10), nullable=False, comment='see rules.nomination.State'),
    sa.Column('queued_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='since when it waits; order of the waiting list'),
    sa.Column('offered_until', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='until when an offered place is kept'),
    sa.Column('is_late', sa.Boolean(), nullable=False, comment='submitted after the day set, or after the class was opened'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name=op.f('ck_nominations_offer')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'confirmed', 'approved', 'enrolled', 'waiting', 'offered', 'refused', 'withdrawn', 'lapsed')", name=op.f('ck_nominations_state')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_nominations_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['created_by_id'], ['members.id'], name=op.f('fk_nominations_created_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_nominations_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_nominations_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nominations')),
    sa.UniqueConstraint('cohort_id', 'member_id', name=op.f('uq_nominations_cohort_id_member_id'))
    )
    op.create_index('ix_nominations_cohort_id_state', 'nominations', ['cohort_id', 'state'], unique=False)
    op.create_index(op.f('ix_nominations_member_id'), 'nominations', ['member_id'], unique=False)
    op.create_index('ix_nominations_state_offered_until', 'nominations', ['state', 'offered_until'], unique=False)
    op.create_index(op.f('ix_nominations_unit_id'), 'nominations', ['unit_id'], unique=False)
    op.create_table('nomination_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True, comment='empty: the system, e.g. when time ran out'),
    sa.Column('by_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.Column('before', sa.String(length=10), nullable=False, comment='empty: entered on the list'),
    sa.Column('after', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['members.id'], name=op.f('fk_nomination_steps_by_id_members')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nominations.id'], name=op.f('fk_nomination_steps_nomination_id_nominations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_steps'))
    )
    op.create_index(op.f('ix_nomination_steps_nomination_id'), 'nomination_steps', ['nomination_id'], unique=False)


def downgrade() -> None:
    """Classes without a course cannot go back; they go with their lists."""
    op.drop_index(op.f('ix_nomination_steps_nomination_id'), table_name='nomination_steps')
    op.drop_table('nomination_steps')
    op.drop_index(op.f('ix_nominations_unit_id'), table_name='nominations')
    op.drop_index('ix_nominations_state_offered_until', table_name='nominations')
    op.drop_index(op.f('ix_nominations_member_id'), table_name='nominations')
    op.drop_index('ix_nominations_cohort_id_state', table_name='nominations')
    op.drop_table('nominations')
    op.drop_index(op.f('ix_cohort_staff_member_id'), table_name='cohort_staff')
    op.drop_index(op.f('ix_cohort_staff_cohort_id'), table_name='cohort_staff')
    op.drop_table('cohort_staff')
    op.drop_index(op.f('ix_cohort_quotas_unit_id'), table_name='cohort_quotas')
    op.drop_table('cohort_quotas')
    op.execute("DELETE FROM enrolments WHERE cohort_id IN (SELECT id FROM cohorts WHERE edition_id IS NULL)")
    op.execute("DELETE FROM cohorts WHERE edition_id IS NULL")
    with op.batch_alter_table('cohorts') as batch:
        batch.drop_index(op.f('ix_cohorts_programme_id'))
        for name in ('subject', 'terms', 'capacity', 'mode'):
            batch.drop_constraint(op.f(f'ck_cohorts_{name}'), type_='check')
        batch.drop_constraint(op.f('fk_cohorts_programme_id_programmes'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_cohorts_quiz_id_quizzes'), type_='foreignkey')
        for name in NEW:
            batch.drop_column(name)
        batch.alter_column('edition_id', existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f('ix_programmes_unit_id'), table_name='programmes')
    op.drop_table('programmes')
