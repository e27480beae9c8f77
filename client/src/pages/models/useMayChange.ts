import { useViewer } from "../../shell/viewer";

/** Whether the viewer may change what is of this owner. Others are not even told who that is. */
export function useMayChange(ownerId: string | undefined): boolean {
  const { id, role } = useViewer();
  return role === "ADMIN" || id === ownerId;
}
