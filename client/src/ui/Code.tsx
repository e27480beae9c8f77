import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./Button";
import { copy } from "./copy";
import { complain } from "./toast";

interface CodeProps {
  label: string;
  text: string;
}

/** Text to be copied: a command, a key, a program. */
export function Code({ label, text }: CodeProps) {
  const [isCopied, setCopied] = useState(false);

  async function take() {
    try {
      await copy(text);
    } catch (error) {
      complain(error);
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  }

  return (
    <div className="relative rounded-md border border-line bg-raised">
      <section tabIndex={0} aria-label={label} className="overflow-x-auto p-3 pr-12 text-xs">
        <pre>{text}</pre>
      </section>
      <Button
        look="quiet"
        aria-label={isCopied ? "Copied" : `Copy: ${label}`}
        onClick={take}
        className="absolute top-1 right-1 bg-raised px-1.5"
      >
        {isCopied ? (
          <Check aria-hidden="true" className="size-4" />
        ) : (
          <Copy aria-hidden="true" className="size-4" />
        )}
      </Button>
    </div>
  );
}
