import { createFileRoute } from '@tanstack/react-router';
import { ReviewsPage } from '@/features/promotions/ReviewsPage';
import { readReviewSearch } from '@/features/promotions/search';

export const Route = createFileRoute('/_app/reviews/')({
  staticData: { title: 'Reviews', crumbs: () => [{ label: 'Reviews' }] },
  validateSearch: readReviewSearch,
  component: ReviewsRoute,
});

function ReviewsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ReviewsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
