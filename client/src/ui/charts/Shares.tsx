interface SharesProps {
  /** 0 to 1 each; those that are null are left out. */
  shares: readonly (readonly [name: string, share: number | null])[];
}

/** A few figures from 0 to 1 with small bars, such as the parts of a score. */
export function Shares({ shares }: SharesProps) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(2rem,1fr)_2.5rem] items-center gap-x-2 text-xs text-soft">
      {shares.map(
        ([name, share]) =>
          share !== null && (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd aria-hidden="true" className="h-1.5 rounded-full bg-raised">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${100 * Math.min(1, Math.max(0, share))}%` }}
                />
              </dd>
              <dd className="text-right tabular-nums">{share.toFixed(2)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
