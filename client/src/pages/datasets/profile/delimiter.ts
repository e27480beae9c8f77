const NAMES: Record<string, string> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

export const delimiterInWords = (delimiter: string): string => NAMES[delimiter] ?? delimiter;
