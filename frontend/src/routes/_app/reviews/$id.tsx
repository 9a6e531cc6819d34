import { createFileRoute } from '@tanstack/react-router';
import { PromotionPage } from '@/features/promotions/PromotionPage';

export const Route = createFileRoute('/_app/reviews/$id')({
  staticData: {
    title: 'Review',
    crumbs: () => [{ label: 'Reviews', href: '/reviews' }, { label: 'Review' }],
  },
  component: PromotionRoute,
});

function PromotionRoute() {
  const { id } = Route.useParams();
  return <PromotionPage key={id} id={id} />;
}
