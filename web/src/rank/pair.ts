// The two texts of a row, for the match page.
import { query } from "../api/client";
import { graphql } from "../gql";
import type { Handover } from "../match/handover";
import type { Entry } from "./entries";
import type { Subject } from "./ranking";

const JOB_TEXT = graphql(`query RankJobText($id: ID!) { job(id: $id) { text } }`);

/** The resume and the job posting of a row. The text of a job of the catalogue is loaded. */
export async function pairOf(subject: Subject, { source }: Entry): Promise<Handover> {
  if ("file" in source) {
    return subject.many === "resumes" ? { resume: source, job: subject.one } : { resume: subject.one, job: source };
  }
  const { job } = await query(JOB_TEXT, { id: source.jobId });
  if (!job) {
    throw new Error("This job was removed from the catalogue.");
  }
  return { resume: subject.one, job: { text: job.text } };
}
