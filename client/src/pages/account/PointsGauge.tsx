import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../../gql";
import type { PointsGauge_RateLimitFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Progress } from "../../ui/Progress";
import { useNow } from "../../ui/useNow";
import { count, counted } from "../../ui/words";
import { pointsNow } from "./points";

graphql(`
  fragment PointsGauge_rateLimit on RateLimit {
    capacity
    available
    refillPerSecond
    fullAt
  }
`);
const POINTS = graphql(`
  query Points { rateLimit { ...PointsGauge_rateLimit @unmask } }
`);

const POLL_MS = 5_000;

interface PointsGaugeProps {
  rateLimit: PointsGauge_RateLimitFragment | null;
}

/** How much may be asked at the moment; asked for every few seconds, and counted on in between. */
export function PointsGauge({ rateLimit: first }: PointsGaugeProps) {
  const { data } = useQuery(POINTS, {
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  const points = data?.rateLimit ?? first;
  const [told, setTold] = useState({ points, at: Date.now() });
  if (told.points?.fullAt !== points?.fullAt) setTold({ points, at: Date.now() });
  const now = useNow();
  if (!points) {
    return (
      <Card title="Points">
        <p className="text-soft">How many there are is not known at the moment.</p>
      </Card>
    );
  }
  const available = pointsNow(points, now - told.at);
  return (
    <Card title="Points">
      <p className="mb-2">
        <span className="text-2xl font-semibold tabular-nums">{count(available)}</span> of{" "}
        {count(points.capacity)}
      </p>
      <Progress label="Points" share={available / points.capacity} />
      <p className="mt-2 text-xs text-soft">
        Every operation is paid with points. {counted(points.refillPerSecond, "point")} come back a
        second.
      </p>
    </Card>
  );
}
