"""Study campaigns: what they ask, the lists as taken, earlier deadlines.

Revision 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('campaigns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('goal', sa.Text(), nullable=False, comment='what it is for, as plain text'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='organiser'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number of the plan, e.g. 15-KH/TU'),
    sa.Column('decided_on', sa.Date(), nullable=True, comment='date of the plan'),
    sa.Column('starts_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='everything is to be done by then'),
    sa.Column('course_id', sa.Integer(), nullable=True, comment='course to read for it'),
    sa.Column('audience', elearn.core.types.Json(), nullable=False, comment='rules.audience.Audience: of whom the list is taken'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('announced_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='shown to those it is asked of, and to their officers, since'),
    sa.Column('closed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='over: nobody is asked or reminded any more'),
    sa.CheckConstraint('due_at > starts_at', name=op.f('ck_campaigns_window')),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_campaigns_course_id_courses')),
    sa.ForeignKeyConstraint(['created_by_id'], ['members.id'], name=op.f('fk_campaigns_created_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_campaigns_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns'))
    )
    op.create_index(op.f('ix_campaigns_unit_id'), 'campaigns', ['unit_id'], unique=False)
    op.create_table('campaign_requirements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('kind', sa.String(length=10), nullable=False, comment='course: complete it; submission: hand it in'),
    sa.Column('asked_of', sa.String(length=6), nullable=False, comment='unit or member'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('kinds', elearn.core.types.Json(), nullable=False, comment='sorts of units or of people on the list of whom it is asked; empty: all'),
    sa.Column('assignment_id', sa.Integer(), nullable=True, comment='what is handed in'),
    sa.CheckConstraint("(kind = 'submission') = (assignment_id IS NOT NULL)", name=op.f('ck_campaign_requirements_assignment')),
    sa.CheckConstraint("asked_of IN ('unit', 'member')", name=op.f('ck_campaign_requirements_asked_of')),
    sa.CheckConstraint("kind <> 'course' OR asked_of = 'member'", name=op.f('ck_campaign_requirements_course')),
    sa.CheckConstraint("kind IN ('course', 'submission')", name=op.f('ck_campaign_requirements_kind')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_campaign_requirements_assignment_id_assignments')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_requirements_campaign_id_campaigns')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_requirements')),
    sa.UniqueConstraint('campaign_id', 'position', name=op.f('uq_campaign_requirements_campaign_id_position'))
    )
    op.create_index('ix_campaign_requirements_assignment_id', 'campaign_requirements', ['assignment_id'], unique=False)
    op.create_table('campaign_takings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('audience', elearn.core.types.Json(), nullable=False, comment='of whom it was taken'),
    sa.Column('added_count', sa.Integer(), nullable=False, comment='units and people that came onto the list, or back'),
    sa.Column('removed_count', sa.Integer(), nullable=False, comment='units and people that went off it'),
    sa.Column('units_count', sa.Integer(), nullable=False, comment='units on it afterwards'),
    sa.Column('people_count', sa.Integer(), nullable=False, comment='people (người) on it afterwards'),
    sa.ForeignKeyConstraint(['by_id'], ['members.id'], name=op.f('fk_campaign_takings_by_id_members')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_takings_campaign_id_campaigns')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_takings'))
    )
    op.create_index('ix_campaign_takings_campaign_id', 'campaign_takings', ['campaign_id', 'at'], unique=False)
    op.create_table('campaign_targets',
    sa.Column('id', BIG, nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='the unit itself, or that of the person on that day'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='empty where it is a unit'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='sort of unit or of person on that day'),
    sa.Column('name', sa.String(length=200), nullable=False, comment='name on that day'),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='name of the unit on that day'),
    sa.Column('name_key', sa.String(length=400).with_variant(sa.String(length=400, collation='C'), 'postgresql'), nullable=False, comment='order of lists: people by given name, units by name'),
    sa.Column('search_key', sa.String(length=440), nullable=False, comment='folded name and code, for search'),
    sa.Column('added_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='taking that put it on the list'),
    sa.Column('removed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='taking that took it off'),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_targets_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_campaign_targets_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_campaign_targets_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_targets'))
    )
    op.create_index('ix_campaign_targets_counts', 'campaign_targets', ['campaign_id', 'unit_id', 'kind', 'removed_at', 'member_id'], unique=False)
    op.create_index('ix_campaign_targets_member_id', 'campaign_targets', ['member_id'], unique=False)
    op.create_index('ix_campaign_targets_names', 'campaign_targets', ['campaign_id', 'name_key'], unique=False)
    op.create_index('ux_campaign_targets_member', 'campaign_targets', ['campaign_id', 'member_id'], unique=True, sqlite_where=sa.text('member_id IS NOT NULL'), postgresql_where=sa.text('member_id IS NOT NULL'))
    op.create_index('ux_campaign_targets_unit', 'campaign_targets', ['campaign_id', 'unit_id'], unique=True, sqlite_where=sa.text('member_id IS NULL'), postgresql_where=sa.text('member_id IS NULL'))
    op.create_table('campaign_deadlines',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='never later than that of the units above'),
    sa.Column('set_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['requirement_id'], ['campaign_requirements.id'], name=op.f('fk_campaign_deadlines_requirement_id_campaign_requirements')),
    sa.ForeignKeyConstraint(['set_by_id'], ['members.id'], name=op.f('fk_campaign_deadlines_set_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_campaign_deadlines_unit_id_units')),
    sa.PrimaryKeyConstraint('requirement_id', 'unit_id', name=op.f('pk_campaign_deadlines'))
    )
    op.create_table('campaign_documents',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, comment='order on the page'),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_documents_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_campaign_documents_document_id_documents')),
    sa.PrimaryKeyConstraint('campaign_id', 'document_id', name=op.f('pk_campaign_documents'))
    )


def downgrade() -> None:
    op.drop_table('campaign_documents')
    op.drop_table('campaign_deadlines')
    op.drop_index('ux_campaign_targets_unit', table_name='campaign_targets', sqlite_where=sa.text('member_id IS NULL'), postgresql_where=sa.text('member_id IS NULL'))
    op.drop_index('ux_campaign_targets_member', table_name='campaign_targets', sqlite_where=sa.text('member_id IS NOT NULL'), postgresql_where=sa.text('member_id IS NOT NULL'))
    op.drop_index('ix_campaign_targets_names', table_name='campaign_targets')
    op.drop_index('ix_campaign_targets_member_id', table_name='campaign_targets')
    op.drop_index('ix_campaign_targets_counts', table_name='campaign_targets')
    op.drop_table('campaign_targets')
    op.drop_index('ix_campaign_takings_campaign_id', table_name='campaign_takings')
    op.drop_table('campaign_takings')
    op.drop_index('ix_campaign_requirements_assignment_id', table_name='campaign_requirements')
    op.drop_table('campaign_requirements')
    op.drop_index(op.f('ix_campaigns_unit_id'), table_name='campaigns')
    op.drop_table('campaigns')
