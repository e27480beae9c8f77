import { Upload } from "lucide-react";
import { Link } from "react-router";
import type { VersionStatus } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { counted } from "../../ui/words";
import { SampleCard } from "../datasets/new/SampleCard";
import { RejectedNotice } from "../datasets/RejectedNotice";
import { Underway } from "./Underway";

interface DataStepProps {
  dataset: { id: string; name: string } | undefined;
  /** The newest one of the data set, read or not. */
  version: { status: VersionStatus; rows: number; job?: { id: string } | null } | undefined;
  onChange: () => void;
  onNext: () => void;
}

/** Rows of one's own, or the sample at one click. */
export function DataStep({ dataset, version, onChange, onNext }: DataStepProps) {
  return (
    <>
      {dataset && version?.status === "READY" && (
        <Card
          title="There is data"
          actions={
            <Button look="primary" onClick={onNext}>
              Look at it
            </Button>
          }
        >
          <Link to={`/datasets/${dataset.id}`} className="text-accent underline">
            {dataset.name}
          </Link>{" "}
          has {counted(version.rows, "row")}.
        </Card>
      )}
      {version?.status === "UPLOADED" && version.job && (
        <Underway jobId={version.job.id} onEnd={onChange} />
      )}
      {dataset && version?.status === "REJECTED" && (
        <RejectedNotice datasetId={dataset.id} query="" />
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <Card title="Your own rows">
          <p className="mb-3 text-soft">
            A file with a text and a label in each row, or sequences: CSV, JSON, Parquet, FASTA. Or
            paste a few lines.
          </p>
          <ButtonLink look={version ? "plain" : "primary"} to="/datasets/new">
            <Upload aria-hidden="true" className="size-4" /> Bring in a file
          </ButtonLink>
        </Card>
        <SampleCard onMade={onChange} />
      </div>
    </>
  );
}
