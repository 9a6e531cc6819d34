import type { ExportVariable } from '@/api/types';
import { componentOf } from '@/features/exports/losses';
import classes from './install.module.css';

/** What has to be in the environment where the servers run. */
export function Variables({ variables }: { variables: ExportVariable[] }) {
  return (
    <section aria-labelledby="variables" className={classes.section}>
      <h2 id="variables">Environment variables</h2>
      <p className={classes.sectionAbout}>
        Its servers read these where they run. Roster hands out no secrets: set them
        yourself.
      </p>
      <table className={classes.variables}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">If not set</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          {variables.map(({ name, required, default: fallback, components }) => (
            <tr key={name}>
              <th scope="row">
                <code className="mono">{name}</code>
              </th>
              <td>
                {fallback ? (
                  <code className="mono">{fallback}</code>
                ) : required ? (
                  'Required'
                ) : (
                  'Left empty'
                )}
              </td>
              <td>{components.map(nameOf).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function nameOf(reference: string) {
  const component = componentOf(reference);
  return component ? `${component.team}/${component.name}` : reference;
}
