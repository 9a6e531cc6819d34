import type { AuditEvent } from '@/api/types';

/** What happened, between who did it and what it was done to. */
const phrases: Record<string, string> = {
  'session.started': 'signed in',
  'session.ended': 'ended a session',
  'session.reused': 'used an old session token: its session was ended',
  'sign_in.failed': 'failed to sign in as',
  'password.changed': 'changed the password of',
  'password.reset': 'reset the password of',
  'totp.enabled': 'set up a second factor for',
  'totp.disabled': 'removed the second factor of',
  'recovery_codes.made': 'made recovery codes for',
  'recovery_code.used': 'used a recovery code of',
  'token.created': 'made the API token',
  'token.rotated': 'rotated the API token',
  'token.revoked': 'revoked the API token',
  'device.approved': 'signed in the device',
  'device.denied': 'refused the device',
  'account.registered': 'made the account',
  'account.changed': 'changed the account',
  'account.verified': 'proved the address of',
  'user.deactivated': 'deactivated',
  'user.reactivated': 'reactivated',
  'user.promoted': 'made an administrator of',
  'user.demoted': 'took administration from',
  'user.reset': 'made a reset link for',
  'team.created': 'made the team',
  'team.changed': 'changed the team',
  'team.renamed': 'renamed the team',
  'team.deleted': 'deleted the team',
  'team.left': 'left the team',
  'team.transferred': 'transferred the team',
  'team.ownership_taken': 'took ownership of the team',
  'member.added': 'added',
  'member.role_changed': 'changed the role of',
  'member.removed': 'removed',
  'invitation.created': 'invited',
  'invitation.accepted': 'accepted the invitation for',
  'invitation.revoked': 'revoked the invitation for',
  'instance.changed': 'changed the settings of',
  'collection.created': 'made the collection',
  'collection.changed': 'changed the collection',
  'collection.renamed': 'renamed the collection',
  'collection.archived': 'archived the collection',
  'collection.unarchived': 'unarchived the collection',
  'collection.deleted': 'deleted the collection',
  'collection.restored': 'restored the collection',
  'release.made': 'released the collection',
  'component.created': 'made',
  'revision.published': 'published a revision of',
  'label.moved': 'moved a label of',
  'label.removed': 'removed a label of',
  'policy.changed': 'changed the policy of',
  'promotion.opened': 'opened a review of',
  'promotion.changed': 'changed the review of',
  'promotion.approved': 'approved',
  'promotion.objected': 'objected to',
  'promotion.commented': 'commented on',
  'promotion.applied': 'applied',
  'promotion.withdrawn': 'withdrew',
  'component.deleted': 'deleted',
  'component.restored': 'restored',
  'component.visibility_changed': 'changed who sees',
  'component.drafted': 'began',
  'component.renamed': 'renamed',
  'component.transferred': 'gave to another team',
  'component.deprecated': 'deprecated',
  'component.undeprecated': 'took back the deprecation of',
  'component.licence_changed': 'changed the licence of',
  'revision.yanked': 'yanked a revision of',
  'revision.unyanked': 'took back the yank of a revision of',
  'blob.redacted': 'redacted content of',
  'secret.written': 'wrote a secret of',
  'secret.removed': 'removed a secret of',
  'secret.revealed': 'revealed a secret of',
  'secret.reveal_refused': 'was refused a secret of',
  'keys.reencrypted': 'encrypted all secrets anew with the first of the',
  'import.applied': 'applied an import',
  'export.made': 'exported',
  'audit.exported': 'exported the audit log',
  'audit.retained': 'removed old audit events',
  'keys.rotated': 'rotated the signing keys',
};

/** The same, where somebody did it to their own account. */
const ownPhrases: Record<string, string> = {
  'account.changed': 'changed their account',
  'account.registered': 'made an account',
  'account.verified': 'proved their address',
  'member.added': 'joined the team',
  'member.role_changed': 'changed their own role',
  'member.removed': 'left the team',
  'team.left': 'left the team',
  'user.demoted': 'gave up administration',
};

export interface Sentence {
  who: string;
  did: string;
  what: string;
  /** Whether `what` is a name rather than words. */
  named: boolean;
}

/** "ada — renamed the team — harbour": what an event says in words. */
export function sentenceOf({ actor, action, target }: AuditEvent): Sentence {
  const phrase = phrases[action] ?? action;
  const self = /^(audit|keys)\./.test(action) ? 'Roster' : 'Somebody';
  const who = actor?.username ?? self;
  if (actor && target.kind === 'user' && target.id === actor.id) {
    const did = ownPhrases[action] ?? phrase.replace(/ (of|for)$/, ' $1 their account');
    return { who, did, what: '', named: false };
  }
  if (action.startsWith('session.'))
    return { who, did: phrase, what: '', named: false };
  if (!target.name) {
    const did = phrase.replace(/ (as|of|for|from)$/, '');
    return { who, did, what: '', named: false };
  }
  if (target.kind === 'invitation' && target.name === 'link') {
    return { who, did: phrase, what: 'whoever has the link', named: false };
  }
  return { who, did: phrase, what: target.name, named: true };
}

export const ACTIONS = Object.keys(phrases).sort();

/** "require_second_factor" as a person would write it. */
export const wordsOf = (key: string) => key.replaceAll('_', ' ');

export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(valueText).join(', ') || 'none';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
