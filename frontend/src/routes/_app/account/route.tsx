import { createFileRoute } from '@tanstack/react-router';
import { AccountFrame } from '@/features/account/AccountFrame';

export const Route = createFileRoute('/_app/account')({
  component: AccountFrame,
});
