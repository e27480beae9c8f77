/** What was refused or went wrong, in one sentence; read aloud when it comes, and nothing before. */
export function Problem({ children }: { children: string | undefined }) {
  return (
    <p role="alert" className="text-bad empty:hidden">
      {children}
    </p>
  );
}
