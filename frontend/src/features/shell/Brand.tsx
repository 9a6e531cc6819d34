import classes from './shell.module.css';

export function Brand({ wordmark = true }: { wordmark?: boolean }) {
  return (
    <span className={classes.brand}>
      <svg width="24" height="24" viewBox="0 0 32 32" fill="none" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0d6663" />
        <circle cx="9" cy="10" r="2.25" fill="#8ee0d3" />
        <circle cx="9" cy="16" r="2.25" fill="#fff" fillOpacity=".55" />
        <circle cx="9" cy="22" r="2.25" fill="#fff" fillOpacity=".55" />
        <path
          d="M14.5 10H24M14.5 16H21M14.5 22H23"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
        />
      </svg>
      {wordmark && <span className={classes.wordmark}>Roster</span>}
    </span>
  );
}
