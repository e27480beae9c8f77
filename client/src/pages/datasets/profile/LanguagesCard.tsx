import { graphql } from "../../../gql";
import type { LanguagesCard_ProfileFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Progress } from "../../../ui/Progress";
import { percent } from "../../../ui/words";

export const LANGUAGES = graphql(`
  fragment LanguagesCard_profile on Profile {
    languages { language share }
  }
`);

const NAMES = new Intl.DisplayNames("en", { type: "language" });

/** The languages that a sample of the rows is written in. */
export function LanguagesCard({ profile }: { profile: LanguagesCard_ProfileFragment }) {
  const { languages } = profile;
  if (languages.length === 0) return null;
  return (
    <Card title="Languages">
      <ul className="flex flex-col gap-2">
        {languages.map(({ language, share }) => (
          <li key={language} className="grid grid-cols-[8rem_1fr_4rem] items-center gap-2">
            {NAMES.of(language)}
            <Progress label={`Share of ${NAMES.of(language)}`} share={share} />
            <span className="text-right tabular-nums">{percent(share)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
