// The audit table as CSV: the words of the page and, beside them, the exact values of the API.
import { csv } from "../lib/csv";
import { actionLabel, type AuditEvent, outcomeLabel } from "./auditWords";

const COLUMNS: readonly [string, (event: AuditEvent) => string | number | null | undefined][] = [
  ["id", ({ id }) => id],
  ["time", ({ at }) => at],
  ["action", ({ action }) => actionLabel(action)],
  ["action_code", ({ action }) => action],
  ["outcome", ({ refusal }) => outcomeLabel(refusal)],
  ["refusal_code", ({ refusal }) => refusal],
  ["who", ({ actor }) => actor],
  ["on", ({ subject }) => subject],
  ["session", ({ session }) => session],
  ["address", ({ address }) => address],
  ["field", ({ field }) => field],
  ["model", ({ model }) => model],
  ["weights_digest", ({ weightsDigest }) => weightsDigest],
  ["cost", ({ cost }) => cost],
  ["milliseconds", ({ milliseconds }) => milliseconds],
];

export const auditCsv = (events: readonly AuditEvent[]): string =>
  csv([COLUMNS.map(([name]) => name), ...events.map((event) => COLUMNS.map(([, value]) => value(event) ?? null))]);
