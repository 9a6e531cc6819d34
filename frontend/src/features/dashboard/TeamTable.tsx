import { Link } from '@tanstack/react-router';
import type { Stats } from '@/api/types';
import classes from './dashboard.module.css';
import { numberText } from './words';

interface TeamTableProps {
  teams: Stats['teams'];
  days: number;
}

export function TeamTable({ teams, days }: TeamTableProps) {
  return (
    <section
      className={classes.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
      tabIndex={0}
      aria-label="Figures of your teams"
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Team</th>
            <th scope="col">Your role</th>
            <th scope="col" className={classes.number}>
              Members
            </th>
            <th scope="col" className={classes.number}>
              Components
            </th>
            <th scope="col" className={classes.number}>
              With errors
            </th>
            <th scope="col" className={classes.number}>
              Revisions in {days} days
            </th>
          </tr>
        </thead>
        <tbody>
          {teams.map(({ team, role, ...counts }) => (
            <tr key={team.id}>
              <th scope="row">
                <Link
                  to="/teams/$team"
                  params={{ team: team.slug }}
                  className={classes.target}
                >
                  {team.name}
                </Link>
              </th>
              <td>{role}</td>
              <td className={classes.number}>{numberText(counts.members)}</td>
              <td className={classes.number}>{numberText(counts.components)}</td>
              <td className={classes.number}>{numberText(counts.errors)}</td>
              <td className={classes.number}>{numberText(counts.revisions)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
