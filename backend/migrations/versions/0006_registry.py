"""Tables of the registry

Revision ID: 0006
Revises: 0005
"""
import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

LISTED = sa.text("deleted_at IS NULL AND published_at IS NOT NULL")
DELETED = sa.text("deleted_at IS NOT NULL")
ORDERS = (
    ['updated_at', 'id'],
    ['kind', 'updated_at', 'id'],
    ['kind', 'created_at', 'id'],
    ['kind', 'name', 'id'],
    ['kind', 'description_tokens', 'id'],
    ['kind', 'errors', 'id'],
    ['team_id', 'kind', 'updated_at', 'id'],
)
FORMER_ORDERS = (
    ['kind', 'deleted_at', 'updated_at', 'id'],
    ['kind', 'deleted_at', 'created_at', 'id'],
    ['kind', 'deleted_at', 'name', 'id'],
    ['kind', 'deleted_at', 'description_tokens', 'id'],
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table('collections',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('title', sqltypes.AutoString(length=100), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('visibility', sa.Enum('private', 'internal', 'public', name='visibility', native_enum=False, length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('archived_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('deleted_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('deleted_by', sa.Uuid(), nullable=True),
    sa.Column('latest_release', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_collections_created_by')),
    sa.ForeignKeyConstraint(['deleted_by'], ['users.id'], name=op.f('fk_collections_deleted_by')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_collections_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collections')),
    sa.UniqueConstraint('team_id', 'name', name=op.f('uq_collections_team_id_name'))
    )
    with op.batch_alter_table('collections', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_collections_created_by'), ['created_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_collections_deleted_at_name_id'), ['deleted_at', 'name', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_collections_deleted_at_updated_at_id'), ['deleted_at', 'updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_collections_deleted_by'), ['deleted_by'], unique=False)

    op.create_table('label_policies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('label', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('who_may_move', sa.Enum('owner', 'editor', 'viewer', name='role', native_enum=False, length=16), nullable=False),
    sa.Column('approvals', sa.Integer(), nullable=False),
    sa.Column('checks', sa.JSON(), nullable=False),
    sa.Column('frozen', sa.Boolean(), nullable=False),
    sa.Column('freeze_reason', sqltypes.AutoString(length=500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_label_policies_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label_policies')),
    sa.UniqueConstraint('team_id', 'label', name=op.f('uq_label_policies_team_id_label'))
    )
    op.create_table('collection_entries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sqltypes.AutoString(length=64), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_collection_entries_collection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['component_id'], ['components.id'], name=op.f('fk_collection_entries_component_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collection_entries')),
    sa.UniqueConstraint('collection_id', 'component_id', name=op.f('uq_collection_entries_collection_id_component_id'))
    )
    with op.batch_alter_table('collection_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_collection_entries_component_id'), ['component_id'], unique=False)

    op.create_table('collection_names',
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_collection_names_collection_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_collection_names_team_id')),
    sa.PrimaryKeyConstraint('team_id', 'name', name=op.f('pk_collection_names'))
    )
    with op.batch_alter_table('collection_names', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_collection_names_collection_id'), ['collection_id'], unique=False)

    op.create_table('component_names',
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['components.id'], name=op.f('fk_component_names_component_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_component_names_team_id')),
    sa.PrimaryKeyConstraint('team_id', 'kind', 'name', name=op.f('pk_component_names'))
    )
    with op.batch_alter_table('component_names', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_component_names_component_id'), ['component_id'], unique=False)

    op.create_table('releases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('entry_count', sa.Integer(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_releases_author_id')),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_releases_collection_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_releases')),
    sa.UniqueConstraint('collection_id', 'number', name=op.f('uq_releases_collection_id_number'))
    )
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_releases_author_id'), ['author_id'], unique=False)

    op.create_table('secrets',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('key', sqltypes.AutoString(length=200), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('target_digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['components.id'], name=op.f('fk_secrets_component_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by'], ['users.id'], name=op.f('fk_secrets_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secrets')),
    sa.UniqueConstraint('component_id', 'key', name=op.f('uq_secrets_component_id_key'))
    )
    with op.batch_alter_table('secrets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_secrets_written_by'), ['written_by'], unique=False)

    op.create_table('draft_files',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('path', sqltypes.AutoString(length=512), nullable=False),
    sa.Column('mode', sqltypes.AutoString(length=6), nullable=False),
    sa.Column('blob_digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_draft_files_blob_digest')),
    sa.ForeignKeyConstraint(['draft_id'], ['drafts.id'], name=op.f('fk_draft_files_draft_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('draft_id', 'path', name=op.f('pk_draft_files'))
    )
    with op.batch_alter_table('draft_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_files_blob_digest'), ['blob_digest'], unique=False)

    op.create_table('promotions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('label', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('from_number', sa.Integer(), nullable=True),
    sa.Column('is_rollback', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('open', 'applied', 'withdrawn', name='promotionstate', native_enum=False, length=16), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('ended_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('ended_by', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_promotions_author_id')),
    sa.ForeignKeyConstraint(['component_id', 'number'], ['revisions.component_id', 'revisions.number'], name=op.f('fk_promotions_component_id_number')),
    sa.ForeignKeyConstraint(['component_id'], ['components.id'], name=op.f('fk_promotions_component_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['users.id'], name=op.f('fk_promotions_ended_by')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_promotions_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotions'))
    )
    with op.batch_alter_table('promotions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promotions_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promotions_component_id_label_id'), ['component_id', 'label', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promotions_ended_by'), ['ended_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_promotions_state_id'), ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promotions_team_id'), ['team_id'], unique=False)

    op.create_table('release_entries',
    sa.Column('release_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('team', sqltypes.AutoString(length=40), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('shadowed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['components.id'], name=op.f('fk_release_entries_component_id')),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_entries_release_id')),
    sa.PrimaryKeyConstraint('release_id', 'position', name=op.f('pk_release_entries'))
    )
    with op.batch_alter_table('release_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_entries_component_id'), ['component_id'], unique=False)

    op.create_table('yanks',
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('reason', sqltypes.AutoString(length=500), nullable=False),
    sa.Column('yanked_by', sa.Uuid(), nullable=False),
    sa.Column('yanked_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['component_id', 'number'], ['revisions.component_id', 'revisions.number'], name=op.f('fk_yanks_component_id_number')),
    sa.ForeignKeyConstraint(['yanked_by'], ['users.id'], name=op.f('fk_yanks_yanked_by')),
    sa.PrimaryKeyConstraint('component_id', 'number', name=op.f('pk_yanks'))
    )
    with op.batch_alter_table('yanks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_yanks_yanked_by'), ['yanked_by'], unique=False)

    op.create_table('promotion_approvals',
    sa.Column('promotion_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('verdict', sa.Enum('approve', 'object', name='verdict', native_enum=False, length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('from_number', sa.Integer(), nullable=True),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['promotion_id'], ['promotions.id'], name=op.f('fk_promotion_approvals_promotion_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_promotion_approvals_user_id')),
    sa.PrimaryKeyConstraint('promotion_id', 'user_id', name=op.f('pk_promotion_approvals'))
    )
    with op.batch_alter_table('promotion_approvals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promotion_approvals_user_id'), ['user_id'], unique=False)

    op.create_table('promotion_comments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('promotion_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_promotion_comments_author_id')),
    sa.ForeignKeyConstraint(['promotion_id'], ['promotions.id'], name=op.f('fk_promotion_comments_promotion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotion_comments'))
    )
    with op.batch_alter_table('promotion_comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promotion_comments_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promotion_comments_promotion_id'), ['promotion_id'], unique=False)

    # On SQLite this takes the trigger of 0002 away; 0007 makes another.
    with op.batch_alter_table('blobs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('redacted_at', sqltypes.UTCDateTime(), nullable=True))
        batch_op.alter_column('content', existing_type=sa.LargeBinary(), nullable=True)

    with op.batch_alter_table('components', schema=None) as batch_op:
        batch_op.add_column(sa.Column('licence', sqltypes.AutoString(length=200), nullable=True))
        batch_op.add_column(sa.Column('deletion_reason', sqltypes.AutoString(length=500), nullable=True))
        batch_op.add_column(sa.Column('deprecated_at', sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('deprecation_message', sqltypes.AutoString(length=500), nullable=True))
        batch_op.add_column(sa.Column('successor_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('target_digest', sqltypes.AutoString(length=64), nullable=False, server_default=''))
        batch_op.alter_column('latest_author_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column('published_at', existing_type=sqltypes.UTCDateTime(), nullable=True)
        batch_op.create_index(batch_op.f('ix_components_successor_id'), ['successor_id'], unique=False)
        for columns in FORMER_ORDERS:
            batch_op.drop_index(batch_op.f('_'.join(['ix_components', *columns])))
        batch_op.create_foreign_key(batch_op.f('fk_components_successor_id'), 'components', ['successor_id'], ['id'])

    for columns in ORDERS:
        name = op.f('_'.join(['ix_components', *columns]))
        op.create_index(name, 'components', columns, sqlite_where=LISTED, postgresql_where=LISTED)
    op.create_index(op.f('ix_components_team_id_deleted_at'), 'components', ['team_id', 'deleted_at'], sqlite_where=DELETED, postgresql_where=DELETED)

    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin_repository', sqltypes.AutoString(length=500), nullable=True))
        batch_op.add_column(sa.Column('origin_commit', sqltypes.AutoString(length=64), nullable=True))
        batch_op.add_column(sa.Column('licence', sqltypes.AutoString(length=200), nullable=True))
        batch_op.add_column(sa.Column('client', sqltypes.AutoString(length=100), nullable=True))
        # Until now, all revisions had one file.
        batch_op.add_column(
            sa.Column('file_count', sa.Integer(), nullable=False, server_default='1')
        )
    op.execute(
        "INSERT INTO component_names (team_id, kind, name, component_id, created_at) "
        "SELECT team_id, kind, name, id, created_at FROM components"
    )


def downgrade() -> None:
    # One by one and not in a batch, which would take the table's triggers away.
    columns = ("file_count", "client", "licence", "origin_commit", "origin_repository")
    for column in columns:
        op.execute(f"ALTER TABLE revisions DROP COLUMN {column}")
    op.drop_index(op.f('ix_components_team_id_deleted_at'), 'components')
    for columns in ORDERS:
        op.drop_index(op.f('_'.join(['ix_components', *columns])), 'components')
    with op.batch_alter_table('components', schema=None) as batch_op:
        for columns in FORMER_ORDERS:
            batch_op.create_index(batch_op.f('_'.join(['ix_components', *columns])), columns, unique=False)
        batch_op.drop_constraint(batch_op.f('fk_components_successor_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_components_successor_id'))
        batch_op.alter_column('published_at', existing_type=sqltypes.UTCDateTime(), nullable=False)
        batch_op.alter_column('latest_author_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column('target_digest')
        batch_op.drop_column('successor_id')
        batch_op.drop_column('deprecation_message')
        batch_op.drop_column('deprecated_at')
        batch_op.drop_column('deletion_reason')
        batch_op.drop_column('licence')

    with op.batch_alter_table('blobs', schema=None) as batch_op:
        batch_op.alter_column('content', existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column('redacted_at')

    with op.batch_alter_table('promotion_comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promotion_comments_promotion_id'))
        batch_op.drop_index(batch_op.f('ix_promotion_comments_author_id'))

    op.drop_table('promotion_comments')
    with op.batch_alter_table('promotion_approvals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promotion_approvals_user_id'))

    op.drop_table('promotion_approvals')
    with op.batch_alter_table('yanks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_yanks_yanked_by'))

    op.drop_table('yanks')
    with op.batch_alter_table('release_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_entries_component_id'))

    op.drop_table('release_entries')
    with op.batch_alter_table('promotions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promotions_team_id'))
        batch_op.drop_index(batch_op.f('ix_promotions_state_id'))
        batch_op.drop_index(batch_op.f('ix_promotions_ended_by'))
        batch_op.drop_index(batch_op.f('ix_promotions_component_id_label_id'))
        batch_op.drop_index(batch_op.f('ix_promotions_author_id'))

    op.drop_table('promotions')
    with op.batch_alter_table('draft_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_files_blob_digest'))

    op.drop_table('draft_files')
    with op.batch_alter_table('secrets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_secrets_written_by'))

    op.drop_table('secrets')
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_releases_author_id'))

    op.drop_table('releases')
    with op.batch_alter_table('component_names', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_component_names_component_id'))

    op.drop_table('component_names')
    with op.batch_alter_table('collection_names', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_collection_names_collection_id'))

    op.drop_table('collection_names')
    with op.batch_alter_table('collection_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_collection_entries_component_id'))

    op.drop_table('collection_entries')
    op.drop_table('label_policies')
    with op.batch_alter_table('collections', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_collections_deleted_by'))
        batch_op.drop_index(batch_op.f('ix_collections_deleted_at_updated_at_id'))
        batch_op.drop_index(batch_op.f('ix_collections_deleted_at_name_id'))
        batch_op.drop_index(batch_op.f('ix_collections_created_by'))

    op.drop_table('collections')
    if op.get_bind().dialect.name == "sqlite":
        # Where a table is made anew, its triggers are lost.
        op.execute(
            "CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs "
            "BEGIN SELECT RAISE(ABORT, 'blobs is immutable'); END"
        )
