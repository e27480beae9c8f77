/** What stands between the columns of a table. */

export const DELIMITERS = [
  { value: "", label: "Recognised" },
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar" },
] as const;

const known = (delimiter: string | null) => DELIMITERS.find(({ value }) => value === delimiter);

/** The choice that a form shows for it. */
export const delimiterChoice = (delimiter: string | null) => known(delimiter)?.value ?? "";

export const delimiterInWords = (delimiter: string): string =>
  known(delimiter)?.label.toLowerCase() ?? delimiter;
