import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Native = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'style' | 'color'> & {
  ref?: Ref<HTMLAnchorElement>;
};

/** A text link inside the app, typed by the routes. */
export const AnchorLink = createLink((props: Native & AnchorProps) => (
  <Anchor {...props} />
));

/** Looks like a button, is a link inside the app. */
export const ButtonLink = createLink((props: Native & ButtonProps) => (
  <Button component="a" {...props} />
));
