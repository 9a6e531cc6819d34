import { createFileRoute } from '@tanstack/react-router';
import { JobPage } from '@/features/jobs/JobPage';

export const Route = createFileRoute('/_app/jobs/$id')({
  staticData: {
    title: 'Job',
    crumbs: () => [{ label: 'Jobs', href: '/jobs' }, { label: 'Job' }],
  },
  component: JobRoute,
});

function JobRoute() {
  const { id } = Route.useParams();
  return <JobPage key={id} id={id} />;
}
