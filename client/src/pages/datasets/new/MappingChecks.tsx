import { CircleAlert, CircleCheck, CircleX } from "lucide-react";
import type { Check } from "../reading/mapping";

const LOOKS = {
  good: [CircleCheck, "text-good"],
  warn: [CircleAlert, "text-warn"],
  bad: [CircleX, "text-bad"],
} as const;

/** What the first rows say about the chosen columns. */
export function MappingChecks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul aria-label="What the first rows say" aria-live="polite" className="flex flex-col gap-1">
      {checks.map(({ tone, message }) => {
        const [Icon, look] = LOOKS[tone];
        return (
          <li key={message} className={`flex items-start gap-2 ${look}`}>
            <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
            {message}
          </li>
        );
      })}
    </ul>
  );
}
