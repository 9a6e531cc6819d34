import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { RelativeTime } from '@/ui/facts';
import classes from '../account.module.css';
import type { ApiTokenPublic } from '../types';
import { stateOf } from './expiry';
import { RevokeToken } from './RevokeToken';
import { RotateToken } from './RotateToken';
import { scopeWords } from './scopes';

export function TokenItem({ token }: { token: ApiTokenPublic }) {
  const { name, hint, scopes, teams, created_at, last_used_at } = token;
  const state = stateOf(token);
  return (
    <li className={classes.item} data-over={state === 'revoked' || undefined}>
      <IconKey className={classes.itemIcon} size={20} stroke={1.5} aria-hidden />
      <div className={classes.itemText}>
        <div className={classes.itemTitle}>
          <span>{name}</span>
          <span className={`mono ${classes.hint}`}>{hint}</span>
          {scopes.map((scope) => (
            <span
              key={scope}
              className={classes.chip}
              title={scopeWords[scope].description}
            >
              {scope}
            </span>
          ))}
        </div>
        <div className={classes.meta}>
          <span>
            {teams === null
              ? 'All your teams'
              : `Only ${teams.map(({ slug }) => slug).join(', ') || 'teams that are gone'}`}
          </span>
          <Expiry token={token} />
          <span>
            Made <RelativeTime at={created_at} />
          </span>
          <span>
            {last_used_at ? (
              <>
                Last used <RelativeTime at={last_used_at} />
              </>
            ) : (
              'Never used'
            )}
          </span>
        </div>
      </div>
      {state !== 'revoked' && (
        <div className={classes.itemActions}>
          {state !== 'expired' && <RotateToken token={token} />}
          <RevokeToken token={token} />
        </div>
      )}
    </li>
  );
}

function Expiry({ token }: { token: ApiTokenPublic }) {
  const { expires_at, revoked_at } = token;
  const state = stateOf(token);
  if (revoked_at) {
    return (
      <span>
        Revoked <RelativeTime at={revoked_at} />
      </span>
    );
  }
  if (!expires_at) return <span>No end</span>;
  return (
    <span className={classes.expiry} data-state={state}>
      {state !== 'good' && <IconAlertTriangle size={14} stroke={1.8} aria-hidden />}
      {state === 'expired' ? 'Expired' : 'Expires'} <RelativeTime at={expires_at} />
    </span>
  );
}
