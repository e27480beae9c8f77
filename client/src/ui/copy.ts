/**
 * Puts text on the clipboard. On plain-http hosts browsers hide their clipboard; there the text is
 * put in when the browser asks what is to be copied. Raises when neither is let.
 */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  function put(event: ClipboardEvent) {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  document.addEventListener("copy", put, { capture: true });
  const isDone = document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
  if (!isDone)
    throw new Error("Select the text and copy it by hand: this browser does not let us.");
}
