import { ChangePassword } from './ChangePassword';
import { SecondFactor } from './SecondFactor';
import { SessionList } from './SessionList';

export function SecurityPage() {
  return (
    <>
      <ChangePassword />
      <SecondFactor />
      <SessionList />
    </>
  );
}
