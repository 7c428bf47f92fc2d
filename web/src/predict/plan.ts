// The division of many inputs into requests that the server accepts.
import { MESSAGE_BYTES, USUAL_MESSAGE_BYTES } from "../rank/limits";
import type { Input } from "./inputs";

/** The largest number of inputs of one request. */
export const REQUEST_INPUTS = 256;

/** The cost of one request, with any number of inputs. */
const REQUEST_COST = 10;

const encoder = new TextEncoder();

/** The size of an input in the request, in bytes. */
export const inputSize = ({ instance }: Input): number => encoder.encode(JSON.stringify(instance)).length + 1;

/** Whether an input fits into a request. */
export const fits = (input: Input): boolean => inputSize(input) <= MESSAGE_BYTES;

/** The inputs of the first request of at most `most`. */
export function firstRequest(inputs: readonly Input[], most = REQUEST_INPUTS): readonly Input[] {
  let size = 0;
  const end = inputs.findIndex((input, index) => {
    size += inputSize(input);
    return index > 0 && (index >= most || size > USUAL_MESSAGE_BYTES);
  });
  return end < 0 ? inputs : inputs.slice(0, end);
}

/** The inputs of each request, in their order. */
export function planRequests(inputs: readonly Input[]): readonly (readonly Input[])[] {
  const requests: (readonly Input[])[] = [];
  for (let left = inputs; left.length > 0; left = left.slice(requests.at(-1)?.length)) {
    requests.push(firstRequest(left));
  }
  return requests;
}

/** The cost of all requests. */
export const costOf = (inputs: readonly Input[]): number => REQUEST_COST * planRequests(inputs).length;
