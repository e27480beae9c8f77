import { type ReactNode, Suspense, use, useEffect } from "react";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Failure, Loading } from "../../../ui/States";
import { bytes } from "../../../ui/words";
import type { Head } from "../reading/head";
import type { Chosen, Look } from "./chosen";

interface FileCardProps {
  chosen: Chosen;
  /** As what the file was looked at. */
  look: Promise<Look>;
  onClear: () => void;
  children: (head: Head) => ReactNode;
}

/** A picked file, once its head was read; what is wrong with it, where it cannot be. */
export function FileCard({ chosen, look, onClear, children }: FileCardProps) {
  const { file, upload } = chosen;

  // Who leaves the page stops the sending; what came stays, and is not sent again.
  useEffect(() => () => upload.pause(), [upload]);

  function clear() {
    upload.cancel();
    onClear();
  }

  return (
    <Card
      title={`${file.name} · ${bytes(file.size)}`}
      actions={<Button onClick={clear}>Take another file</Button>}
    >
      <Suspense fallback={<Loading />}>
        <Inside look={look}>{children}</Inside>
      </Suspense>
    </Card>
  );
}

function Inside({ look, children }: Pick<FileCardProps, "look" | "children">) {
  const found = use(look);
  return "problem" in found ? <Failure error={found.problem} /> : children(found.head);
}
