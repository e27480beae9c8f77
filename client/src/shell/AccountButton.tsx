import { CircleUser } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "../ui/Button";
import { useViewer } from "./viewer";

/** What opens the account's menu. */
export function AccountButton(props: ComponentProps<"button">) {
  const { email } = useViewer();
  return (
    <Button {...props} look="quiet" aria-label={`Account of ${email}`}>
      <CircleUser aria-hidden="true" className="size-5" />
      <span className="hidden max-w-48 truncate sm:inline">{email}</span>
    </Button>
  );
}
