import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { Link, type LinkProps } from "react-router";

type Look = "primary" | "plain" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent border-transparent hover:opacity-90",
  plain: "bg-surface text-ink border-line hover:bg-raised",
  quiet: "border-transparent text-soft hover:bg-raised hover:text-ink",
  danger: "bg-surface text-bad border-line hover:bg-bad-soft",
};

export function buttonClass(look: Look, className?: string): string {
  return clsx(
    "inline-flex min-h-8 cursor-pointer items-center gap-1.5 rounded-md border px-3 py-1 font-medium whitespace-nowrap",
    "disabled:cursor-not-allowed disabled:opacity-50",
    LOOKS[look],
    className,
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
}

export function Button({ look = "plain", className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={buttonClass(look, className)} {...rest} />;
}

interface ButtonLinkProps extends LinkProps {
  look?: Look;
}

export function ButtonLink({ look = "plain", className, ...rest }: ButtonLinkProps) {
  return <Link className={buttonClass(look, className)} {...rest} />;
}
