"""Tables of identity and access: tokens, factors, invitations, audit, jobs

Revision ID: 0004
Revises: 0003
"""
import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table('audit_checkpoints',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('first_seq', sa.BigInteger(), nullable=False),
    sa.Column('last_seq', sa.BigInteger(), nullable=False),
    sa.Column('last_event_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('last_mac', sqltypes.AutoString(length=100), nullable=False),
    sa.Column('mac', sqltypes.AutoString(length=100), nullable=False),
    sa.Column('removed_at', sqltypes.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_checkpoints')),
    sa.UniqueConstraint('first_seq', name=op.f('uq_audit_checkpoints_first_seq')),
    sa.UniqueConstraint('last_seq', name=op.f('uq_audit_checkpoints_last_seq'))
    )
    op.create_table('audit_events',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('action', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sqltypes.AutoString(length=40), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=True),
    sa.Column('token_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('target_kind', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=True),
    sa.Column('target_name', sqltypes.AutoString(length=300), nullable=False),
    sa.Column('address', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('request_id', sqltypes.AutoString(length=128), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('mac', sqltypes.AutoString(length=100), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_events')),
    sa.UniqueConstraint('seq', name=op.f('uq_audit_events_seq'))
    )
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.create_index('ix_audit_events_action', ['action', 'id'], unique=False)
        batch_op.create_index('ix_audit_events_actor', ['actor_id', 'id'], unique=False)
        batch_op.create_index('ix_audit_events_target', ['target_id', 'id'], unique=False)
        batch_op.create_index('ix_audit_events_team', ['team_id', 'id'], unique=False)
        batch_op.create_index('ix_audit_events_unsealed', ['id'], unique=False, sqlite_where=sa.text('seq IS NULL'), postgresql_where=sa.text('seq IS NULL'))

    op.create_table('instance_policy',
    sa.Column('name', sqltypes.AutoString(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_by', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_instance_policy'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('kind', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'succeeded', 'failed', 'cancelled', name='jobstate', native_enum=False, length=16), nullable=False),
    sa.Column('due_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('started_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('finished_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('error', sqltypes.AutoString(length=1000), nullable=False),
    sa.Column('key', sqltypes.AutoString(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('key', name=op.f('uq_jobs_key'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_due', ['state', 'due_at'], unique=False)

    op.create_table('api_tokens',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=100), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('team_ids', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('jti', sa.Uuid(), nullable=False),
    sa.Column('ending', sqltypes.AutoString(length=4), nullable=False),
    sa.Column('lifetime_days', sa.Integer(), nullable=True),
    sa.Column('expires_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('last_used_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('warned_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('revoked_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_tokens_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('jti', name=op.f('uq_api_tokens_jti'))
    )
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_tokens_user_id'), ['user_id'], unique=False)

    op.create_table('invitations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('role', sa.Enum('owner', 'editor', 'viewer', name='role', native_enum=False, length=16), nullable=False),
    sa.Column('email', sqltypes.AutoString(length=254), nullable=True),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('invited_by', sa.Uuid(), nullable=True),
    sa.Column('expires_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('accepted_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('accepted_by', sa.Uuid(), nullable=True),
    sa.Column('revoked_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['invited_by'], ['users.id'], name=op.f('fk_invitations_invited_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_invitations_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('digest', name=op.f('uq_invitations_digest'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitations_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_invited_by'), ['invited_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_team_id'), ['team_id'], unique=False)

    op.create_table('mail_tokens',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('purpose', sa.Enum('verify_email', 'reset_password', 'register', name='mailpurpose', native_enum=False, length=16), nullable=False),
    sa.Column('email', sqltypes.AutoString(length=254), nullable=False),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('expires_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('used_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mail_tokens_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_tokens')),
    sa.UniqueConstraint('digest', name=op.f('uq_mail_tokens_digest'))
    )
    with op.batch_alter_table('mail_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_tokens_user_id'), ['user_id'], unique=False)

    op.create_table('recovery_codes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('used_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes'))
    )
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_codes_user_id'), ['user_id'], unique=False)

    op.create_table('team_slugs',
    sa.Column('slug', sqltypes.AutoString(length=40), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_team_slugs_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_team_slugs'))
    )
    with op.batch_alter_table('team_slugs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_slugs_team_id'), ['team_id'], unique=False)

    op.create_table('totp_factors',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('secret', sqltypes.AutoString(length=300), nullable=False),
    sa.Column('confirmed_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_totp_factors_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_totp_factors')),
    sa.UniqueConstraint('user_id', name=op.f('uq_totp_factors_user_id'))
    )
    op.create_table('pending_registrations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('updated_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('username', sqltypes.AutoString(length=40), nullable=False),
    sa.Column('email', sqltypes.AutoString(length=254), nullable=False),
    sa.Column('display_name', sqltypes.AutoString(), nullable=False),
    sa.Column('password_hash', sqltypes.AutoString(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=True),
    sa.Column('token_id', sa.Uuid(), nullable=True),
    sa.Column('expires_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['token_id'], ['mail_tokens.id'], name=op.f('fk_pending_registrations_token_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pending_registrations')),
    sa.UniqueConstraint('username', name=op.f('uq_pending_registrations_username'))
    )
    with op.batch_alter_table('pending_registrations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pending_registrations_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_pending_registrations_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_pending_registrations_token_id'), ['token_id'], unique=False)

    with op.batch_alter_table('auth_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device', sqltypes.AutoString(length=100), nullable=False, server_default='Unknown device'))
        batch_op.add_column(sa.Column('address', sqltypes.AutoString(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('end_reason', sa.Enum('signed_out', 'revoked', 'reused', 'password', 'deactivated', name='endreason', native_enum=False, length=16), nullable=True))

    with op.batch_alter_table('teams', schema=None) as batch_op:
        batch_op.add_column(sa.Column('require_second_factor', sa.Boolean(), nullable=False, server_default=sa.text('false')))
        batch_op.add_column(sa.Column('deleted_at', sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('deleted_by', sa.Uuid(), nullable=True))

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('email_verified_at', sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('deactivated_at', sqltypes.UTCDateTime(), nullable=True))
    # Before, a team's name stood with the team alone.
    op.execute(
        "INSERT INTO team_slugs (slug, team_id, created_at) "
        "SELECT slug, id, created_at FROM teams"
    )


def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('deactivated_at')
        batch_op.drop_column('email_verified_at')

    with op.batch_alter_table('teams', schema=None) as batch_op:
        batch_op.drop_column('deleted_by')
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('require_second_factor')

    with op.batch_alter_table('auth_sessions', schema=None) as batch_op:
        batch_op.drop_column('end_reason')
        batch_op.drop_column('address')
        batch_op.drop_column('device')

    with op.batch_alter_table('pending_registrations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pending_registrations_token_id'))
        batch_op.drop_index(batch_op.f('ix_pending_registrations_expires_at'))
        batch_op.drop_index(batch_op.f('ix_pending_registrations_email'))

    op.drop_table('pending_registrations')
    op.drop_table('totp_factors')
    with op.batch_alter_table('team_slugs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_slugs_team_id'))

    op.drop_table('team_slugs')
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_codes_user_id'))

    op.drop_table('recovery_codes')
    with op.batch_alter_table('mail_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_tokens_user_id'))

    op.drop_table('mail_tokens')
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitations_team_id'))
        batch_op.drop_index(batch_op.f('ix_invitations_invited_by'))
        batch_op.drop_index(batch_op.f('ix_invitations_email'))

    op.drop_table('invitations')
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_tokens_user_id'))

    op.drop_table('api_tokens')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_due')

    op.drop_table('jobs')
    op.drop_table('instance_policy')
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_events_unsealed', sqlite_where=sa.text('seq IS NULL'), postgresql_where=sa.text('seq IS NULL'))
        batch_op.drop_index('ix_audit_events_team')
        batch_op.drop_index('ix_audit_events_target')
        batch_op.drop_index('ix_audit_events_actor')
        batch_op.drop_index('ix_audit_events_action')

    op.drop_table('audit_events')
    op.drop_table('audit_checkpoints')
