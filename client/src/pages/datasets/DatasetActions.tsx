import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { graphql } from "../../gql";
import type { DatasetActions_DatasetFragment, VersionStatus } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { Menu, MenuItem } from "../../ui/Menu";
import { DeleteDataset } from "./DeleteDataset";
import { RenameDataset } from "./RenameDataset";
import { useCheckDataset } from "./useCheckDataset";
import { useIndexDataset } from "./useIndexDataset";

const ACTIONS = graphql(`
  fragment DatasetActions_dataset on Dataset {
    id
    name
    description
    revision
  }
`);

interface DatasetActionsProps {
  dataset: FragmentType<DatasetActions_DatasetFragment>;
  version: { id: string; status: VersionStatus };
}

/** What may be done with a data set, and with the version that is looked at. */
export function DatasetActions({ dataset: from, version }: DatasetActionsProps) {
  const { data: dataset } = useSuspenseFragment({ fragment: ACTIONS, from });
  const [open, setOpen] = useState<"rename" | "delete">();
  const navigate = useNavigate();
  const check = useCheckDataset();
  const index = useIndexDataset();
  const isReady = version.status === "READY";
  const close = () => setOpen(undefined);
  return (
    <>
      {isReady && (
        <ButtonLink look="primary" to={`/train?version=${version.id}`}>
          Train a model
        </ButtonLink>
      )}
      <Menu
        trigger={
          <Button aria-label="More to do with this data set">
            <Ellipsis aria-hidden="true" className="size-4" />
          </Button>
        }
      >
        <MenuItem onSelect={() => navigate(`/datasets/${dataset.id}/append`)}>
          Append a file …
        </MenuItem>
        <MenuItem disabled={!isReady} onSelect={() => check(version.id)}>
          Check its rows
        </MenuItem>
        <MenuItem disabled={!isReady} onSelect={() => index(version.id)}>
          Make it searchable
        </MenuItem>
        <MenuItem onSelect={() => setOpen("rename")}>Rename …</MenuItem>
        <MenuItem onSelect={() => setOpen("delete")}>Delete …</MenuItem>
      </Menu>
      {open === "rename" && <RenameDataset {...dataset} onClose={close} />}
      {open === "delete" && <DeleteDataset {...dataset} onClose={close} />}
    </>
  );
}
