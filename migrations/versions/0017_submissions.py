"""Written work: what is asked, of whom, what was handed in.

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('assignments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=20), nullable=False, comment='feature that asks, such as campaign or cohort'),
    sa.Column('origin_id', sa.Integer(), nullable=False, comment='which one there; no key, what asks stands above'),
    sa.Column('kind', sa.String(length=20), nullable=False, comment='plan, essay or action_programme'),
    sa.Column('asked_of', sa.String(length=6), nullable=False, comment='unit: one a unit, for the collective; member: one a person'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('prompt', sa.Text(), nullable=False, comment='what is to be written, as plain text'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit that asks'),
    sa.Column('fields', elearn.core.types.Json(), nullable=False, comment='[{"key", "label", "hint"}, …] to be typed; empty: a file only'),
    sa.Column('takes_file', sa.Boolean(), nullable=False, comment='whether a Word or PDF file may be handed in'),
    sa.Column('due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='deadline; what comes later is marked late'),
    sa.Column('closes_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='nothing is taken after; empty: always'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("asked_of IN ('unit', 'member')", name=op.f('ck_assignments_asked_of')),
    sa.CheckConstraint("kind IN ('plan', 'essay', 'action_programme')", name=op.f('ck_assignments_kind')),
    sa.CheckConstraint('closes_at IS NULL OR closes_at >= due_at', name=op.f('ck_assignments_window')),
    sa.ForeignKeyConstraint(['created_by_id'], ['members.id'], name=op.f('fk_assignments_created_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_assignments_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments'))
    )
    op.create_index('ix_assignments_origin_origin_id', 'assignments', ['origin', 'origin_id'], unique=False)
    op.create_table('unit_writers',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('named_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_unit_writers_member_id_members')),
    sa.ForeignKeyConstraint(['named_by_id'], ['members.id'], name=op.f('fk_unit_writers_named_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_writers_unit_id_units')),
    sa.PrimaryKeyConstraint('unit_id', 'member_id', name=op.f('pk_unit_writers'))
    )
    op.create_index(op.f('ix_unit_writers_member_id'), 'unit_writers', ['member_id'], unique=False)
    op.create_table('assignment_targets',
    sa.Column('id', BIG, nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='the unit itself, or that of the person'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='empty where a unit is asked'),
    sa.Column('name', sa.String(length=200), nullable=False, comment='name when put on the list'),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='name of the unit when put on the list'),
    sa.Column('name_key', sa.String(length=400).with_variant(sa.String(length=400, collation='C'), 'postgresql'), nullable=False, comment='order of lists: people by given name, units by name'),
    sa.Column('search_key', sa.String(length=440), nullable=False, comment='folded name and code, for search'),
    sa.Column('added_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('removed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='no longer on the list since; what was written stays'),
    sa.Column('exempted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='need not hand in since; counts as done'),
    sa.Column('exempt_reason', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='missing → draft → submitted → returned or accepted'),
    sa.Column('submitted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='last handing in that stands'),
    sa.Column('late_days', sa.Integer(), nullable=False, comment='days after the deadline of the first handing in; 0 in time'),
    sa.CheckConstraint("(exempted_at IS NULL) = (exempt_reason = '')", name=op.f('ck_assignment_targets_exemption')),
    sa.CheckConstraint("state IN ('missing', 'draft', 'submitted', 'returned', 'accepted')", name=op.f('ck_assignment_targets_state')),
    sa.CheckConstraint('late_days >= 0', name=op.f('ck_assignment_targets_late_days')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_assignment_targets_assignment_id_assignments')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_assignment_targets_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_assignment_targets_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_targets'))
    )
    op.create_index('ix_assignment_targets_counts', 'assignment_targets', ['assignment_id', 'unit_id', 'state', 'exempted_at', 'removed_at', 'late_days'], unique=False)
    op.create_index('ix_assignment_targets_member_id', 'assignment_targets', ['member_id'], unique=False)
    op.create_index('ix_assignment_targets_names', 'assignment_targets', ['assignment_id', 'name_key'], unique=False)
    op.create_index('ux_assignment_targets_member', 'assignment_targets', ['assignment_id', 'member_id'], unique=True, sqlite_where=sa.text('member_id IS NOT NULL'), postgresql_where=sa.text('member_id IS NOT NULL'))
    op.create_index('ux_assignment_targets_unit', 'assignment_targets', ['assignment_id', 'unit_id'], unique=True, sqlite_where=sa.text('member_id IS NULL'), postgresql_where=sa.text('member_id IS NULL'))
    op.create_table('unit_deadlines',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='never later than that of the units above'),
    sa.Column('set_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_unit_deadlines_assignment_id_assignments')),
    sa.ForeignKeyConstraint(['set_by_id'], ['members.id'], name=op.f('fk_unit_deadlines_set_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_deadlines_unit_id_units')),
    sa.PrimaryKeyConstraint('assignment_id', 'unit_id', name=op.f('pk_unit_deadlines'))
    )
    op.create_table('submission_steps',
    sa.Column('id', BIG, nullable=False),
    sa.Column('target_id', BIG, nullable=False),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('step', sa.String(length=12), nullable=False, comment='submitted, withdrawn, returned, accepted, exempted or unexempted'),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.CheckConstraint("step IN ('submitted', 'withdrawn', 'returned', 'accepted', 'exempted', 'unexempted')", name=op.f('ck_submission_steps_step')),
    sa.ForeignKeyConstraint(['by_id'], ['members.id'], name=op.f('fk_submission_steps_by_id_members')),
    sa.ForeignKeyConstraint(['target_id'], ['assignment_targets.id'], name=op.f('fk_submission_steps_target_id_assignment_targets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_steps'))
    )
    op.create_index('ix_submission_steps_target_id', 'submission_steps', ['target_id', 'at'], unique=False)
    op.create_table('submission_versions',
    sa.Column('id', BIG, nullable=False),
    sa.Column('target_id', BIG, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('answers', elearn.core.types.Json(), nullable=False, comment='{key of field: text}'),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=False, comment='SHA-256 of the file, see core.blobs'),
    sa.Column('file_size', sa.Integer(), nullable=False, comment='bytes'),
    sa.Column('submitted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('submitted_by_name', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['members.id'], name=op.f('fk_submission_versions_submitted_by_id_members')),
    sa.ForeignKeyConstraint(['target_id'], ['assignment_targets.id'], name=op.f('fk_submission_versions_target_id_assignment_targets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_versions')),
    sa.UniqueConstraint('target_id', 'number', name=op.f('uq_submission_versions_target_id_number'))
    )
    op.create_table('submissions',
    sa.Column('target_id', BIG, nullable=False),
    sa.Column('answers', elearn.core.types.Json(), nullable=False, comment='{key of field: text}'),
    sa.Column('file_name', sa.String(length=120), nullable=False, comment='empty: no file'),
    sa.Column('file_digest', sa.String(length=64), nullable=False, comment='SHA-256 of the file, see core.blobs'),
    sa.Column('file_size', sa.Integer(), nullable=False, comment='bytes'),
    sa.Column('revision', sa.Integer(), nullable=False, comment='grows with every save: two who write at once notice it'),
    sa.Column('saved_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=True),
    sa.Column('saved_by_name', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['saved_by_id'], ['members.id'], name=op.f('fk_submissions_saved_by_id_members')),
    sa.ForeignKeyConstraint(['target_id'], ['assignment_targets.id'], name=op.f('fk_submissions_target_id_assignment_targets')),
    sa.PrimaryKeyConstraint('target_id', name=op.f('pk_submissions'))
    )


def downgrade() -> None:
    op.drop_table('submissions')
    op.drop_table('submission_versions')
    op.drop_index('ix_submission_steps_target_id', table_name='submission_steps')
    op.drop_table('submission_steps')
    op.drop_table('unit_deadlines')
    op.drop_index('ux_assignment_targets_unit', table_name='assignment_targets', sqlite_where=sa.text('member_id IS NULL'), postgresql_where=sa.text('member_id IS NULL'))
    op.drop_index('ux_assignment_targets_member', table_name='assignment_targets', sqlite_where=sa.text('member_id IS NOT NULL'), postgresql_where=sa.text('member_id IS NOT NULL'))
    op.drop_index('ix_assignment_targets_names', table_name='assignment_targets')
    op.drop_index('ix_assignment_targets_member_id', table_name='assignment_targets')
    op.drop_index('ix_assignment_targets_counts', table_name='assignment_targets')
    op.drop_table('assignment_targets')
    op.drop_index(op.f('ix_unit_writers_member_id'), table_name='unit_writers')
    op.drop_table('unit_writers')
    op.drop_index('ix_assignments_origin_origin_id', table_name='assignments')
    op.drop_table('assignments')
