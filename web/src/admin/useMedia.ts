// Whether a media query matches, for layouts that differ in more than style.
import { onScopeDispose, readonly, type Ref, ref } from "vue";

export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const matches = ref(list.matches);
  const update = (): void => {
    matches.value = list.matches;
  };
  list.addEventListener("change", update);
  onScopeDispose(() => list.removeEventListener("change", update));
  return readonly(matches);
}
