import { IconExternalLink, IconPhoto } from '@tabler/icons-react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import classes from './markdown.module.css';

function hostOf(address: string | undefined): string | null {
  if (!address) return null;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.host : null;
  } catch {
    return null;
  }
}

/** The page has the only `h1`, so the text's headings move one down. */
const components: Components = {
  h1: ({ node: _, ...props }) => <h2 {...props} />,
  h2: ({ node: _, ...props }) => <h3 {...props} />,
  h3: ({ node: _, ...props }) => <h4 {...props} />,
  h4: ({ node: _, ...props }) => <h5 {...props} />,
  h5: ({ node: _, ...props }) => <h6 {...props} />,
  a: ({ node: _, href, children }) => {
    if (href?.startsWith('#')) return <a href={href}>{children}</a>;
    if (!hostOf(href) && !href?.startsWith('mailto:')) {
      // A path in the author's repository leads nowhere from here.
      return <span title={href}>{children}</span>;
    }
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  img: ({ node: _, src, alt }) => {
    const host = hostOf(src);
    return (
      <span className={classes.image}>
        <IconPhoto size={16} stroke={1.6} aria-hidden />
        {alt || 'Image'}
        {host && (
          <a href={src} target="_blank" rel="noopener noreferrer nofollow">
            Open from {host} <IconExternalLink size={12} aria-hidden />
          </a>
        )}
      </span>
    );
  },
  table: ({ node: _, ...props }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables scroll with the keyboard
    <section className={classes.wide} aria-label="Table" tabIndex={0}>
      <table {...props} />
    </section>
  ),
  pre: ({ node: _, ...props }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll with the keyboard
    <pre tabIndex={0} {...props} />
  ),
};

export default function RenderedMarkdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize]}
        components={components}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
