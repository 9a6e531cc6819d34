import { useCode } from '@/lib/use-code';
import { TextSkeleton } from '@/ui/skeletons';
import { Section } from '../Section';
import { SecondFactor } from './SecondFactor';
import { SessionList } from './SessionList';

const changePassword = () => import('./ChangePassword');

export function SecurityPage() {
  const ChangePassword = useCode(changePassword, true);
  return (
    <>
      <Section
        title="Password"
        about="Changing it signs you out everywhere else. Your API tokens go on working."
      >
        {ChangePassword ? <ChangePassword /> : <TextSkeleton lines={6} />}
      </Section>
      <SecondFactor />
      <SessionList />
    </>
  );
}
