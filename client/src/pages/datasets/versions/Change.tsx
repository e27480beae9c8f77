interface ChangeProps {
  before: string | null | undefined;
  after: string | null | undefined;
}

/** What was and what is; once where both are the same. */
export function Change({ before, after }: ChangeProps) {
  if (before === after) return <span className="line-clamp-2 break-words">{after}</span>;
  return (
    <>
      {before && <del className="mr-2 break-words text-bad">{before}</del>}
      {after && <ins className="break-words text-good no-underline">{after}</ins>}
    </>
  );
}
