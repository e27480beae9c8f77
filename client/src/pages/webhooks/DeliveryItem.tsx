import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Collapsible } from "@base-ui/react/collapsible";
import { ChevronRight } from "lucide-react";
import { graphql } from "../../gql";
import type { DeliveryItem_DeliveryFragment, DeliveryStatus } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { Code } from "../../ui/Code";
import { Moment } from "../../ui/Moment";
import { counted } from "../../ui/words";
import { Attempts } from "./Attempts";
import { Resend } from "./Resend";

const DELIVERY = graphql(`
  fragment DeliveryItem_delivery on WebhookDelivery {
    id
    cursor
    status
    isTest
    body
    createdAt
    nextTryAt
    attempts {
      number
      at
      ms
      status
      error
      responseExcerpt
      nextTryAt
    }
  }
`);

const SAID: Record<DeliveryStatus, [tone: Tone, words: string]> = {
  PENDING: ["accent", "waiting"],
  DELIVERED: ["good", "arrived"],
  FAILED: ["bad", "failed"],
};

interface DeliveryItemProps {
  delivery: FragmentType<DeliveryItem_DeliveryFragment>;
  onResent: () => void;
}

/** An event on its way, and under it, when opened, its body and its tries. */
export function DeliveryItem({ delivery: from, onResent }: DeliveryItemProps) {
  const { data: delivery } = useSuspenseFragment({ fragment: DELIVERY, from });
  const [tone, words] = SAID[delivery.status];
  const last = delivery.attempts.at(-1);
  return (
    <Collapsible.Root render={<li />} className="border-t border-line py-2 first:border-t-0">
      <div className="flex flex-wrap items-center gap-3">
        <Collapsible.Trigger className="group flex min-w-0 flex-1 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 rounded px-1 py-1 text-left hover:bg-raised">
          <ChevronRight
            aria-hidden="true"
            className="size-4 shrink-0 text-soft group-data-panel-open:rotate-90"
          />
          <Badge tone={tone}>{words}</Badge>
          {delivery.isTest && <Badge>test</Badge>}
          <Moment at={delivery.createdAt} />
          <span className="text-soft">
            {counted(delivery.attempts.length, "try", "tries")}
            {last && `, the last: ${last.status ?? last.error}`}
          </span>
        </Collapsible.Trigger>
        {delivery.status !== "PENDING" && <Resend id={delivery.id} onResent={onResent} />}
      </div>
      <Collapsible.Panel className="flex flex-col gap-3 py-3 pl-6">
        <Code label="Body" text={delivery.body} />
        <Attempts attempts={delivery.attempts} />
        {delivery.nextTryAt && (
          <p className="text-soft">
            Next try at {new Date(delivery.nextTryAt).toLocaleTimeString()}
          </p>
        )}
        <p className="text-xs break-all text-soft">
          <code>{delivery.id}</code> · cursor <code>{delivery.cursor}</code>
        </p>
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
