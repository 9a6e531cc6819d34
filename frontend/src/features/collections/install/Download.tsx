import { Button } from '@mantine/core';
import { IconFileZip } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { downloadExport, FORMATS, type Format } from '@/features/exports/download';
import { toastError } from '@/ui/toast';
import { archiveName, type Wanted } from './commands';
import classes from './install.module.css';

export function Download({ wanted }: { wanted: Wanted }) {
  const { id, target } = wanted;
  const number = wanted.release ?? wanted.newest;
  const take = useMutation({
    mutationFn: (format: Format) =>
      downloadExport(
        id,
        number,
        { target, format },
        `${archiveName(wanted)}.${format}`,
      ),
    onError: toastError,
  });
  return (
    <div className={classes.downloads}>
      {FORMATS.map((format) => (
        <Button
          key={format}
          variant={format === 'zip' ? 'filled' : 'default'}
          leftSection={<IconFileZip size={16} stroke={1.7} aria-hidden />}
          loading={take.isPending && take.variables === format}
          onClick={() => take.mutate(format)}
        >
          Download {format}
        </Button>
      ))}
      <p>Unpack it in the folder of your project.</p>
    </div>
  );
}
