"""Jobs that are watched; repositories and what comes from them

Revision ID: 0011
Revises: 0010
"""
import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table('workers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=120), nullable=False),
    sa.Column('queues', sa.JSON(), nullable=False),
    sa.Column('slots', sa.Integer(), nullable=False),
    sa.Column('is_embedded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workers')),
    sa.UniqueConstraint('name', name=op.f('uq_workers_name'))
    )
    op.create_table('job_lines',
    sa.Column('job_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('level', sqltypes.AutoString(length=8), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_lines_job_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'number', name=op.f('pk_job_lines'))
    )
    op.create_table('repositories',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('url', sqltypes.AutoString(length=500), nullable=False),
    sa.Column('ref', sqltypes.AutoString(length=200), nullable=False),
    sa.Column('folder', sqltypes.AutoString(length=500), nullable=False),
    sa.Column('sealed_token', sa.Text(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('every', sa.Enum('never', 'hour', 'day', 'week', name='every', native_enum=False, length=16), nullable=False),
    sa.Column('next_check_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('checked_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('commit', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('outcome', sa.Enum('unchanged', 'updates', 'failed', name='checkoutcome', native_enum=False, length=16), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_repositories_created_by')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_repositories_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_repositories_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repositories')),
    sa.UniqueConstraint('team_id', 'url', 'ref', 'folder', name=op.f('uq_repositories_team_id_url_ref_folder'))
    )
    with op.batch_alter_table('repositories') as batch_op:
        batch_op.create_index(batch_op.f('ix_repositories_created_by'), ['created_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_repositories_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_repositories_next_check_at'), ['next_check_at'], unique=False)

    op.create_table('upstreams',
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('repository_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('taken', sa.Enum('original', 'repaired', name='taken', native_enum=False, length=16), nullable=False),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('base_digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('moved_secrets', sa.Boolean(), nullable=False),
    sa.Column('commit', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('is_pinned', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('current', 'available', 'gone', name='upstreamstate', native_enum=False, length=16), nullable=False),
    sa.Column('checked_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['components.id'], name=op.f('fk_upstreams_component_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['repository_id'], ['repositories.id'], name=op.f('fk_upstreams_repository_id')),
    sa.PrimaryKeyConstraint('component_id', name=op.f('pk_upstreams'))
    )
    with op.batch_alter_table('upstreams') as batch_op:
        batch_op.create_index(batch_op.f('ix_upstreams_repository_id'), ['repository_id'], unique=False)

    op.create_table('import_inputs',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('blob_digest', sqltypes.AutoString(length=64), nullable=True),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('sealed_token', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_import_inputs_blob_digest')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_inputs_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', name=op.f('pk_import_inputs'))
    )
    with op.batch_alter_table('import_inputs') as batch_op:
        batch_op.create_index(batch_op.f('ix_import_inputs_blob_digest'), ['blob_digest'], unique=False)

    op.create_table('upstream_updates',
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('commit', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('found_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['upstreams.component_id'], name=op.f('fk_upstream_updates_component_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('component_id', name=op.f('pk_upstream_updates'))
    )
    op.create_table('upstream_files',
    sa.Column('component_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('base', 'update', name='upstreamside', native_enum=False, length=16), nullable=False),
    sa.Column('path', sqltypes.AutoString(length=512), nullable=False),
    sa.Column('mode', sqltypes.AutoString(length=6), nullable=False),
    sa.Column('blob_digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_upstream_files_blob_digest')),
    sa.ForeignKeyConstraint(['component_id'], ['upstreams.component_id'], name=op.f('fk_upstream_files_component_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('component_id', 'side', 'path', name=op.f('pk_upstream_files'))
    )
    with op.batch_alter_table('upstream_files') as batch_op:
        batch_op.create_index(batch_op.f('ix_upstream_files_blob_digest'), ['blob_digest'], unique=False)

    with op.batch_alter_table('import_files') as batch_op:
        batch_op.add_column(sa.Column('source', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('found_digest', sqltypes.AutoString(length=64), nullable=True))
        batch_op.add_column(sa.Column('tool', sqltypes.AutoString(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('notes', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('elsewhere', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('rules', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('licence', sqltypes.AutoString(length=200), nullable=True))
        batch_op.add_column(sa.Column('place', sqltypes.AutoString(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('reuse_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_import_files_reuse_id'), ['reuse_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_import_files_reuse_id'), 'components', ['reuse_id'], ['id'])
        batch_op.drop_index(batch_op.f('ix_import_files_import_id_outcome_id'))
        batch_op.create_index(batch_op.f('ix_import_files_import_id_outcome_result_id'), ['import_id', 'outcome', 'result', 'id'], unique=False)

    with op.batch_alter_table('components') as batch_op:
        batch_op.create_index(batch_op.f('ix_components_latest_digest_id'), ['latest_digest', 'id'], unique=False, sqlite_where=sa.text('deleted_at IS NULL AND published_at IS NOT NULL'), postgresql_where=sa.text('deleted_at IS NULL AND published_at IS NOT NULL'))

    with op.batch_alter_table('imports') as batch_op:
        batch_op.add_column(sa.Column('job_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('error', sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('repository_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('origin', sqltypes.AutoString(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('commit', sqltypes.AutoString(length=64), nullable=True))
        batch_op.create_index(batch_op.f('ix_imports_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_imports_repository_id'), ['repository_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_imports_repository_id'), 'repositories', ['repository_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_imports_job_id'), 'jobs', ['job_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('jobs') as batch_op:
        batch_op.add_column(sa.Column('queue', sa.Enum('default', 'imports', 'upkeep', name='queue', native_enum=False, length=16), nullable=False, server_default='default'))
        batch_op.add_column(sa.Column('priority', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('actor_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('team_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('subject_kind', sqltypes.AutoString(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('subject_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('title', sqltypes.AutoString(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('step', sqltypes.AutoString(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('done', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('total', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('lines', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('result', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('cancel_requested_at', sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('cancelled_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('worker', sqltypes.AutoString(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('sent_at', sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f('ix_jobs_actor_id_created_at'), ['actor_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_jobs_cancelled_by'), ['cancelled_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_jobs_subject_id_created_at'), ['subject_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_jobs_team_id_created_at'), ['team_id', 'created_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_jobs_cancelled_by'), 'users', ['cancelled_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_jobs_team_id'), 'teams', ['team_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_jobs_actor_id'), 'users', ['actor_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('jobs') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_jobs_actor_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_jobs_team_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_jobs_cancelled_by'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_jobs_team_id_created_at'))
        batch_op.drop_index(batch_op.f('ix_jobs_subject_id_created_at'))
        batch_op.drop_index(batch_op.f('ix_jobs_cancelled_by'))
        batch_op.drop_index(batch_op.f('ix_jobs_actor_id_created_at'))
        batch_op.drop_column('sent_at')
        batch_op.drop_column('worker')
        batch_op.drop_column('cancelled_by')
        batch_op.drop_column('cancel_requested_at')
        batch_op.drop_column('result')
        batch_op.drop_column('lines')
        batch_op.drop_column('total')
        batch_op.drop_column('done')
        batch_op.drop_column('step')
        batch_op.drop_column('title')
        batch_op.drop_column('subject_id')
        batch_op.drop_column('subject_kind')
        batch_op.drop_column('team_id')
        batch_op.drop_column('actor_id')
        batch_op.drop_column('version')
        batch_op.drop_column('priority')
        batch_op.drop_column('queue')

    with op.batch_alter_table('imports') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_imports_job_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_imports_repository_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_imports_repository_id'))
        batch_op.drop_index(batch_op.f('ix_imports_job_id'))
        batch_op.drop_column('commit')
        batch_op.drop_column('origin')
        batch_op.drop_column('repository_id')
        batch_op.drop_column('error')
        batch_op.drop_column('job_id')

    with op.batch_alter_table('components') as batch_op:
        batch_op.drop_index(batch_op.f('ix_components_latest_digest_id'))

    with op.batch_alter_table('import_files') as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_files_import_id_outcome_result_id'))
        batch_op.create_index(batch_op.f('ix_import_files_import_id_outcome_id'), ['import_id', 'outcome', 'id'], unique=False)
        batch_op.drop_constraint(batch_op.f('fk_import_files_reuse_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_import_files_reuse_id'))
        batch_op.drop_column('reuse_id')
        batch_op.drop_column('place')
        batch_op.drop_column('licence')
        batch_op.drop_column('rules')
        batch_op.drop_column('elsewhere')
        batch_op.drop_column('notes')
        batch_op.drop_column('tool')
        batch_op.drop_column('found_digest')
        batch_op.drop_column('source')

    with op.batch_alter_table('upstream_files') as batch_op:
        batch_op.drop_index(batch_op.f('ix_upstream_files_blob_digest'))

    op.drop_table('upstream_files')
    op.drop_table('upstream_updates')
    with op.batch_alter_table('import_inputs') as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_inputs_blob_digest'))

    op.drop_table('import_inputs')
    with op.batch_alter_table('upstreams') as batch_op:
        batch_op.drop_index(batch_op.f('ix_upstreams_repository_id'))

    op.drop_table('upstreams')
    with op.batch_alter_table('repositories') as batch_op:
        batch_op.drop_index(batch_op.f('ix_repositories_next_check_at'))
        batch_op.drop_index(batch_op.f('ix_repositories_job_id'))
        batch_op.drop_index(batch_op.f('ix_repositories_created_by'))

    op.drop_table('repositories')
    op.drop_table('job_lines')
    op.drop_table('workers')
