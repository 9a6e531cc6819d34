import { notifications } from '@mantine/notifications';
import { IconCheck } from '@tabler/icons-react';
import classes from './editor.module.css';

interface PublishedToast {
  message: string;
  /** A page of the app that shows what changed. */
  compare?: { href: string; open: () => void };
}

/** Toasts stand outside the router, so the link brings its own way to go. */
export function toastPublished({ message, compare }: PublishedToast) {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    role: 'status',
    color: 'teal',
    icon: <IconCheck size={16} aria-hidden />,
    message: compare ? (
      <>
        {message}.{' '}
        <a
          className={classes.toastLink}
          href={compare.href}
          onClick={(event) => {
            event.preventDefault();
            notifications.hide(id);
            compare.open();
          }}
        >
          See what changed
        </a>
      </>
    ) : (
      message
    ),
  });
}
