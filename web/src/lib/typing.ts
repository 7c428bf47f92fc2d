// Whether the person has entered something since the console was loaded, which loading it again would lose.

/** Fields whose content is quickly entered again, or must be. */
const QUICK = "[type=search], [type=password], [autocomplete=username], select";
let isTyped = false;

export const hasTyped = (): boolean => isTyped;

/** Notes text, files and options that are entered from now on. */
export function watchTyping(): void {
  const note = ({ target }: Event): void => {
    isTyped ||= !(target instanceof Element && target.matches(QUICK));
  };
  addEventListener("input", note, { capture: true });
  // Dropped files.
  addEventListener("drop", note, { capture: true });
}
