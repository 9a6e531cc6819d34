import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { isProblem } from '@/api/problem';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { Fact, FactList, RelativeTime } from '@/ui/facts';
import { ButtonLink } from '@/ui/links';
import { approveDevice, type DeviceRequest, denyDevice } from './api';
import type { Decision } from './Decided';
import own from './device.module.css';
import { RightsForm } from './RightsForm';

interface DeviceAsksProps {
  device: DeviceRequest;
  onDecided: (decision: Decision) => void;
}

/** Says who asks, and lets the person give less than that, or nothing. */
export function DeviceAsks({ device, onDecided }: DeviceAsksProps) {
  const { user_code: code, client_name: name } = device;
  const approve = useMutation({
    mutationFn: (rights: Parameters<typeof approveDevice>[1]) =>
      approveDevice(code, rights),
    meta: { quiet: true },
    onSuccess: () => onDecided({ code, allowed: true, name }),
  });
  const deny = useMutation({
    mutationFn: () => denyDevice(code),
    meta: { quiet: true },
    onSuccess: () => onDecided({ code, allowed: false, name }),
  });
  const over = [approve.error, deny.error].find(
    (error) => isProblem(error, 'code-used') || isProblem(error, 'code-expired'),
  );
  return (
    <div className={own.asks}>
      <div className={own.asker}>
        <Alert
          color="yellow"
          variant="light"
          icon={<IconAlertTriangle size={16} aria-hidden />}
        >
          Only continue if you started this yourself just now, and the device shows{' '}
          <strong className={`mono ${own.code}`}>{code}</strong>. If somebody sent you
          this code, refuse: they would act in your name.
        </Alert>
        <WhoAsks device={device} />
      </div>
      {over ? (
        <div className={own.asker}>
          <FormError error={over} />
          <ButtonLink to="/device" search={{}}>
            Enter another code
          </ButtonLink>
        </div>
      ) : (
        <RightsForm device={device} approve={approve}>
          <FormError error={deny.error} />
          <Button
            size="md"
            loading={deny.isPending}
            disabled={approve.isPending}
            onClick={() => deny.mutate()}
          >
            Refuse
          </Button>
        </RightsForm>
      )}
    </div>
  );
}

function WhoAsks({ device }: { device: DeviceRequest }) {
  const user = useUser();
  return (
    <div className={own.who}>
      <FactList>
        <Fact label="Calls itself">{device.client_name}</Fact>
        <Fact label="Program">{device.device}</Fact>
        <Fact label="Asks from">
          <Place device={device} />
        </Fact>
        <Fact label="Asked">
          <RelativeTime at={device.created_at} />
        </Fact>
        <Fact label="Would act as">{user?.display_name || user?.username}</Fact>
      </FactList>
    </div>
  );
}

function Place({
  device: { address, is_your_address: mine },
}: {
  device: DeviceRequest;
}) {
  if (!address) return 'this machine';
  if (mine) return `${address}, as you do`;
  return <span className={own.elsewhere}>{address}, another address than yours</span>;
}
