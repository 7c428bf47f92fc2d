// The form and the results of the rankings. They stay in memory while other pages are open, until another person signs in.
import { reactive, shallowReactive, watch } from "vue";

import { session } from "../api/session";
import type { MatchSource } from "../match/sources";
import { quota } from "./quota";
import { createRanking } from "./ranking";

/** A text box with a file input beside it; the file takes precedence. */
export interface SourceInput {
  text: string;
  file: File | null;
}

const emptySource = (): SourceInput => ({ text: "", file: null });

export const sourceOf = ({ text, file }: SourceInput): MatchSource => (file ? { file } : { text });

export interface RankForm {
  many: "resumes" | "jobs";
  readonly job: SourceInput;
  readonly resume: SourceInput;
  readonly files: { resumes: readonly File[]; jobs: readonly File[] };
}

export const rankForm: RankForm = reactive({
  many: "resumes",
  job: shallowReactive(emptySource()),
  resume: shallowReactive(emptySource()),
  files: shallowReactive({ resumes: [], jobs: [] }),
}) as RankForm;
export const ranking = createRanking();

export const catalogueForm = reactive({ isOpen: false, resume: shallowReactive(emptySource()), candidates: "200" });
export const catalogueRanking = createRanking();

/** The rows whose matches were opened last, to which the focus returns. */
export const lastOpened: { rank: number | null; catalogue: number | null } = reactive({ rank: null, catalogue: null });

function reset(): void {
  quota.value = null;
  ranking.clear();
  catalogueRanking.clear();
  Object.assign(rankForm.job, emptySource());
  Object.assign(rankForm.resume, emptySource());
  Object.assign(rankForm.files, { resumes: [], jobs: [] });
  Object.assign(catalogueForm.resume, emptySource());
  Object.assign(catalogueForm, { isOpen: false, candidates: "200" });
}

watch(
  () => session.viewer?.user.id,
  (_, before) => {
    if (before !== undefined) {
      reset();
    }
  },
);
