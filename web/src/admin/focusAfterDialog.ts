// The focus after a dialog whose button is gone, because what it belonged to was removed.
import type { Ref } from "vue";

/** Moves the focus to an element, after the closing dialog has tried to return it to the button. */
export function focusAfterDialog(element: Readonly<Ref<HTMLElement | null>>): void {
  setTimeout(() => element.value?.focus(), 50);
}
