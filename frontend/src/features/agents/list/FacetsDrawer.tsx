import { Button, Drawer } from '@mantine/core';
import { Facets, type FacetsProps } from './Facets';
import classes from './list.module.css';

interface FacetsDrawerProps extends FacetsProps {
  result: string;
  onClose: () => void;
}

/** The facets where there is no room beside the list; loaded when first opened. */
export default function FacetsDrawer({
  result,
  onClose,
  ...facets
}: FacetsDrawerProps) {
  return (
    <Drawer opened onClose={onClose} title="Filters" size={320} position="right">
      <Facets {...facets} />
      <div className={classes.drawerFoot}>
        <Button variant="filled" fullWidth onClick={onClose}>
          Show {result}
        </Button>
      </div>
    </Drawer>
  );
}
