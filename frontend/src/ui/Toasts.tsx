import { Notifications } from '@mantine/notifications';

/** Where toasts appear; loaded after the first page. */
export default function Toasts() {
  return <Notifications position="bottom-right" limit={4} autoClose={6000} />;
}
