import { IconClockX, IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import type { PromotionDetail, Voice } from '@/api/types';
import { authorOf } from '@/features/agents/component/people';
import { RelativeTime } from '@/ui/facts';
import classes from './promotion.module.css';
import { progressOf } from './words';

/** Who approved and who objected; what does not count any more says why. */
export function Voices({ promotion }: { promotion: PromotionDetail }) {
  const { voices } = promotion;
  return (
    <section aria-labelledby="voices" className={classes.section}>
      <h2 id="voices">Approvals</h2>
      <p>{progressOf(promotion)}</p>
      {voices.length > 0 && (
        <ul className={classes.list} aria-label="Who said what">
          {voices.map((voice) => (
            <Said key={voice.user.id} voice={voice} />
          ))}
        </ul>
      )}
    </section>
  );
}

const looks = {
  approve: { icon: IconThumbUp, tone: 'fine', word: 'approved' },
  object: { icon: IconThumbDown, tone: 'error', word: 'objected' },
} as const;

function Said({ voice }: { voice: Voice }) {
  const { icon, tone, word } = looks[voice.verdict];
  const Icon = voice.lapsed ? IconClockX : icon;
  return (
    <li className={voice.lapsed ? classes.lapsed : ''}>
      <span data-tone={voice.lapsed ? 'quiet' : tone}>
        <Icon size={16} stroke={1.8} aria-hidden />
      </span>
      <div>
        <div className={classes.what}>
          {authorOf(voice.user)} {word}
        </div>
        <div className={classes.detail}>
          {voice.lapsed ? `Lapsed: ${voice.lapsed}` : <RelativeTime at={voice.at} />}
        </div>
      </div>
    </li>
  );
}
