import { Autocomplete } from "@base-ui/react/autocomplete";
import { CONTROL, ITEM, POPUP } from "./surfaces";

const MOST_SHOWN = 50;

interface SuggestProps {
  /** Within a Field its label says it. */
  label?: string;
  placeholder?: string;
  suggestions: readonly string[];
  value: string;
  onChange: (value: string) => void;
  /** Whether it is where one begins to type. */
  hasFocus?: boolean;
}

/** A word of one's own, or one of those that are known. For a choice among known ones: Combobox. */
export function Suggest(props: SuggestProps) {
  const { label, placeholder, suggestions, value, onChange, hasFocus = false } = props;
  return (
    <Autocomplete.Root
      items={suggestions}
      limit={MOST_SHOWN}
      openOnInputClick
      value={value}
      onValueChange={(next) => onChange(next)}
    >
      <Autocomplete.Input
        aria-label={label}
        placeholder={placeholder}
        autoFocus={hasFocus}
        className={CONTROL}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="z-20">
          <Autocomplete.Popup className={`${POPUP} max-h-72`}>
            <Autocomplete.List>
              {(suggestion: string) => (
                <Autocomplete.Item key={suggestion} value={suggestion} className={ITEM}>
                  {suggestion}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
