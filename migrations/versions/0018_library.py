"""the library: files and words of documents, volumes, bulletins and their receipts, what documents are attached to.

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types
from elearn.lib.vietnamese import fold


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

SEARCH = "to_tsvector('simple'::regconfig, regexp_replace(search_key, '[^a-z0-9]+', ' ', 'g'))"
KEYS = (('unit_id', 'units'), ('volume_id', 'document_volumes'), ('created_by_id', 'members'))
CHECKS = (('shelf', "shelf IN ('paper', 'bulletin', 'chapter')"), ('other', 'superseded_by_id IS NULL OR superseded_by_id <> id'))


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def index_words() -> None:
    """An index of the words of `document_parts.search_key`, kept by the database itself, for search by beginnings of words."""
    if not is_sqlite():
        op.execute(f"CREATE INDEX ix_documents_words ON document_parts USING gin ({SEARCH})")
        return
    op.execute(
        "CREATE VIRTUAL TABLE documents_words USING fts5("
        "search_key, content='document_parts', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    out = "INSERT INTO documents_words(documents_words, rowid, search_key) VALUES ('delete', OLD.id, OLD.search_key);"
    into = "INSERT INTO documents_words(rowid, search_key) VALUES (NEW.id, NEW.search_key);"
    op.execute(f"CREATE TRIGGER documents_words_insert AFTER INSERT ON document_parts BEGIN {into} END")
    op.execute(f"CREATE TRIGGER documents_words_delete AFTER DELETE ON document_parts BEGIN {out} END")
    op.execute(f"CREATE TRIGGER documents_words_update AFTER UPDATE OF search_key ON document_parts BEGIN {out} {into} END")


def drop_words() -> None:
    if not is_sqlite():
        op.execute("DROP INDEX ix_documents_words")
        return
    for deed in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER documents_words_{deed}")
    op.execute("DROP TABLE documents_words")


def write_heads() -> None:
    """What the heads of documents say, so that those there are found at once."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, number, kind, title, issuer FROM documents ORDER BY id")).all()
    for row in rows:
        bind.execute(
            sa.text("INSERT INTO document_parts (document_id, place, label, form, text, search_key) VALUES (:id, 0, '', 'head', '', :key)"),
            {"id": row[0], "key": fold(" ".join(row[1:]))},
        )


def upgrade() -> None:
    op.create_table('document_volumes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=400), nullable=False),
    sa.Column('summary', sa.String(length=1000), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='owner; read there and below'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['members.id'], name=op.f('fk_document_volumes_created_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_document_volumes_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_volumes'))
    )
    op.create_index(op.f('ix_document_volumes_unit_id'), 'document_volumes', ['unit_id'], unique=False)
    with op.batch_alter_table('documents') as batch:
        batch.add_column(sa.Column('shelf', sa.String(length=10), nullable=False, server_default='paper', comment='paper, bulletin or chapter (of a volume)'))
        batch.add_column(sa.Column('unit_id', sa.Integer(), nullable=True, comment='owner; empty: from content files, for everybody'))
        batch.add_column(sa.Column('text', sa.Text(), nullable=False, server_default='', comment='typed text as Markdown; that of files is in document_parts'))
        batch.add_column(sa.Column('published_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='since when learners see it; content files need none'))
        batch.add_column(sa.Column('read_by', sa.Date(), nullable=True, comment='bulletins: last day on which members should have read it'))
        batch.add_column(sa.Column('volume_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('place', sa.Integer(), nullable=False, server_default='0', comment='order within the volume'))
        batch.add_column(sa.Column('created_by_id', sa.Integer(), nullable=True))
        for column, target in KEYS:
            batch.create_foreign_key(f'fk_documents_{column}_{target}', target, [column], ['id'])
        for name, rule in CHECKS:
            batch.create_check_constraint(op.f(f'ck_documents_{name}'), rule)
    op.create_index('ix_documents_unit_id_shelf', 'documents', ['unit_id', 'shelf'], unique=False)
    op.create_index('ix_documents_volume_id_place', 'documents', ['volume_id', 'place'], unique=False)
    op.create_table('document_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False, comment='as it was called where it came from'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 under which the bytes are kept'),
    sa.Column('kind', sa.String(length=4), nullable=False, comment='docx or pdf, by its content'),
    sa.Column('size', sa.Integer(), nullable=False, comment='bytes'),
    sa.Column('read_state', sa.String(length=8), nullable=False, comment='waiting for a worker; read; empty: pictures of words only; failed'),
    sa.Column('added_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('docx', 'pdf')", name=op.f('ck_document_files_kind')),
    sa.CheckConstraint("read_state IN ('waiting', 'read', 'empty', 'failed')", name=op.f('ck_document_files_read_state')),
    sa.ForeignKeyConstraint(['added_by_id'], ['members.id'], name=op.f('fk_document_files_added_by_id_members')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_files_document_id_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_files')),
    sa.UniqueConstraint('document_id', 'digest', name=op.f('uq_document_files_document_id_digest'))
    )
    op.create_table('document_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=20), nullable=False, comment='what kind of thing, e.g. campaign'),
    sa.Column('origin_id', sa.Integer(), nullable=False, comment='which one; no key, it stands above the library'),
    sa.Column('added_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['members.id'], name=op.f('fk_document_links_added_by_id_members')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_links_document_id_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_links')),
    sa.UniqueConstraint('origin', 'origin_id', 'document_id', name=op.f('uq_document_links_origin_origin_id_document_id'))
    )
    op.create_index('ix_document_links_document_id', 'document_links', ['document_id'], unique=False)
    op.create_table('document_parts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True, comment='empty: typed text'),
    sa.Column('place', sa.Integer(), nullable=False, comment='order in the document, from 1; 0 is the head'),
    sa.Column('label', sa.String(length=200), nullable=False, comment='heading, or page of the file'),
    sa.Column('form', sa.String(length=8), nullable=False, comment='head, markdown or plain (a line a paragraph)'),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False, comment='folded words of the head and of this part'),
    sa.CheckConstraint("form IN ('head', 'markdown', 'plain')", name=op.f('ck_document_parts_form')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_parts_document_id_documents')),
    sa.ForeignKeyConstraint(['file_id'], ['document_files.id'], name=op.f('fk_document_parts_file_id_document_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_parts')),
    sa.UniqueConstraint('document_id', 'place', name=op.f('uq_document_parts_document_id_place'))
    )
    op.create_index(op.f('ix_document_parts_file_id'), 'document_parts', ['file_id'], unique=False)
    op.create_table('document_receipts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit then'),
    sa.Column('read_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_receipts_document_id_documents')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_document_receipts_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_document_receipts_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_receipts')),
    sa.UniqueConstraint('document_id', 'member_id', name=op.f('uq_document_receipts_document_id_member_id'))
    )
    op.create_index('ix_document_receipts_member_id', 'document_receipts', ['member_id'], unique=False)
    index_words()
    write_heads()


def downgrade() -> None:
    drop_words()
    op.drop_table('document_receipts')
    op.drop_table('document_parts')
    op.drop_table('document_links')
    op.drop_table('document_files')
    op.drop_index('ix_documents_volume_id_place', table_name='documents')
    op.drop_index('ix_documents_unit_id_shelf', table_name='documents')
    with op.batch_alter_table('documents') as batch:
        for name, _ in CHECKS:
            batch.drop_constraint(op.f(f'ck_documents_{name}'), type_='check')
        for column, target in KEYS:
            batch.drop_constraint(f'fk_documents_{column}_{target}', type_='foreignkey')
        for column in ('created_by_id', 'place', 'volume_id', 'read_by', 'published_at', 'text', 'unit_id', 'shelf'):
            batch.drop_column(column)
    op.drop_table('document_volumes')
