import { Progress as Base } from "@base-ui/react/progress";
import { percent } from "./words";

interface ProgressProps {
  label: string;
  /** 0 to 1; null while nobody knows. */
  share: number | null;
}

export function Progress({ label, share }: ProgressProps) {
  return (
    <Base.Root
      // not as 1e-7, which is no number to assistive technology
      value={share === null ? null : Math.round(share * 10_000) / 10_000}
      max={1}
      aria-label={label}
      getAriaValueText={() => (share === null ? "unknown" : percent(share))}
    >
      <Base.Track className="block h-2 overflow-hidden rounded-full bg-raised">
        <Base.Indicator className="block h-full bg-accent transition-[width] data-indeterminate:w-1/3 data-indeterminate:animate-pulse" />
      </Base.Track>
    </Base.Root>
  );
}
