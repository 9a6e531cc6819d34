import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CopyText, Fact, FactList, RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import type { Upstream } from './types';
import classes from './upstreams.module.css';
import { filePageOf, shortCommit, shortUrl } from './words';

export function UpstreamFacts({ upstream }: { upstream: Upstream }) {
  const { repository, commit, path, number, update } = upstream;
  return (
    <FactList>
      <Fact label="Repository">
        <AnchorLink to="/imports/repositories/$id" params={{ id: repository.id }}>
          {shortUrl(repository.url)}
        </AnchorLink>
        {repository.ref && (
          <div className="muted">
            at <span className="mono">{repository.ref}</span>
          </div>
        )}
      </Fact>
      <Fact label="Path">
        <Outside href={filePageOf(upstream)}>
          <span className="mono">
            {[repository.folder, path].filter(Boolean).join('/')}
          </span>
        </Outside>
      </Fact>
      <Fact label="Taken from commit">
        <Commit value={commit} />
        <div className="muted">as revision {number}</div>
      </Fact>
      {update && (
        <Fact label="Update">
          <Commit value={update.commit} />
          <div className="muted">
            found <RelativeTime at={update.found_at} />
          </div>
        </Fact>
      )}
      <Fact label="Compared">
        <RelativeTime at={upstream.checked_at} />
      </Fact>
    </FactList>
  );
}

export function Commit({ value }: { value: string }) {
  return (
    <CopyText value={value} what="commit">
      <span title={value}>{shortCommit(value)}</span>
    </CopyText>
  );
}

interface OutsideProps {
  /** Null: no page of it is known. */
  href: string | null;
  children: ReactNode;
}

/** A link that leaves the app. */
export function Outside({ href, children }: OutsideProps) {
  if (!href) return children;
  return (
    <Anchor
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      className={classes.outside ?? ''}
    >
      {children}
      <IconExternalLink size={13} stroke={1.7} aria-label="elsewhere" />
    </Anchor>
  );
}
