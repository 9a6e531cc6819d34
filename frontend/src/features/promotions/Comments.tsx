import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PromotionDetail } from '@/api/types';
import { authorOf } from '@/features/agents/component/people';
import { FormError } from '@/ui/FormError';
import { RelativeTime } from '@/ui/facts';
import { Markdown } from '@/ui/markdown/Markdown';
import { comment, refreshPromotions } from './changes';
import classes from './promotion.module.css';

const LONGEST = 10_000;

export function Comments({ promotion }: { promotion: PromotionDetail }) {
  const { comments, member, permissions } = promotion;
  return (
    <section aria-labelledby="comments" className={classes.section}>
      <h2 id="comments">Comments</h2>
      {comments.map(({ id, author, body, created_at }) => (
        <article key={id} className={classes.comment}>
          <div className={classes.commentHead}>
            <strong>{authorOf(author)}</strong>
            <RelativeTime at={created_at} />
          </div>
          <Markdown text={body} />
        </article>
      ))}
      {permissions.comment.allowed ? (
        <Write promotion={promotion} />
      ) : (
        comments.length === 0 && (
          <p>
            {member ? 'Nobody wrote anything.' : 'Only members see the discussion.'}
          </p>
        )
      )}
    </section>
  );
}

function Write({ promotion }: { promotion: PromotionDetail }) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const send = useMutation({
    mutationFn: () => comment(promotion, text.trim()),
    meta: { quiet: true },
    onSuccess: async () => {
      setText('');
      await refreshPromotions(client);
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) send.mutate();
      }}
    >
      <Textarea
        label="Add a comment"
        description="Markdown. It cannot be changed afterwards."
        rows={3}
        maxLength={LONGEST}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <FormError error={send.error} />
      <Button type="submit" disabled={!text.trim()} loading={send.isPending}>
        Comment
      </Button>
    </form>
  );
}
