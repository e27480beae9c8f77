import { useOutletContext } from "react-router";

/** What the parts of the corrections know of where they are. */
export interface CorrectionsPlace {
  /** The model that was chosen, of those that the viewer may change; undefined without any. */
  model: { id: string; name: string } | undefined;
}

export const useCorrectionsPlace = () => useOutletContext<CorrectionsPlace>();
