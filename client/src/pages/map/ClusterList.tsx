import { useDeferredValue, useState } from "react";
import { Card } from "../../ui/Card";
import { Field, Input } from "../../ui/Field";
import { counted } from "../../ui/words";
import { ClusterItem } from "./ClusterItem";
import type { Scheme } from "./palette";
import type { Cluster } from "./VersionMap";

interface ClusterListProps {
  /** Largest first. */
  clusters: readonly Cluster[];
  chosen: readonly string[];
  scheme: Scheme;
  onChoose: (ids: readonly string[]) => void;
  onLook: (cluster: Cluster) => void;
}

/** The map in words: all that can be done on it can be done here without a pointer. */
export function ClusterList({ clusters, chosen, scheme, onChoose, onLook }: ClusterListProps) {
  const [wanted, setWanted] = useState("");
  const word = useDeferredValue(wanted).trim().toLowerCase();
  const found = clusters
    .map((cluster, home) => ({ cluster, home }))
    .filter(({ cluster }) => wordsOf(cluster).includes(word));
  function toggle(id: string, isChosen: boolean) {
    onChoose(isChosen ? [...chosen, id] : chosen.filter((each) => each !== id));
  }
  return (
    <Card title="Clusters" className="flex flex-col">
      <Field label="Search" hint={`${counted(found.length, "cluster")}, largest first`}>
        <Input
          type="search"
          placeholder="A name, a keyword, a text"
          value={wanted}
          onValueChange={setWanted}
        />
      </Field>
      <ul className="mt-2 flex max-h-[60vh] flex-col overflow-y-auto" aria-label="Clusters">
        {found.map(({ cluster, home }) => (
          <ClusterItem
            key={cluster.id}
            cluster={cluster}
            home={home}
            scheme={scheme}
            isChosen={chosen.includes(cluster.id)}
            onToggle={(isChosen) => toggle(cluster.id, isChosen)}
            onLook={() => onLook(cluster)}
          />
        ))}
      </ul>
    </Card>
  );
}

const wordsOf = ({ name, keywords, exemplars }: Cluster) =>
  [name, ...keywords, ...exemplars].join("\n").toLowerCase();
