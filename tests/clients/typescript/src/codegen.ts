// A client with the documents and types of @graphql-codegen, for any library that sends them.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";

import * as documents from "./gql/graphql.js";
import { type FragmentType, getFragmentData } from "./gql/index.js";
import type { Client, Match, Page, Prediction, Problem } from "./scenario.js";
import type { Session } from "./session.js";

type Fields = Record<string, unknown>;

/** The functions of a library that send a document. A refused query or mutation is thrown as `Refused`. */
export interface Sender {
  query<Data, Variables extends Fields>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  mutate<Data, Variables extends Fields>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
  /** A mutation without the token: an expired one would have the whole request refused. */
  mutateAnonymously<Data, Variables extends Fields>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
  /** Calls back with each event, and at the end with an error, if any; the returned function ends the subscription. */
  subscribe<Data, Variables extends Fields>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    next: (data: Data) => void,
    over: (error?: unknown) => void,
  ): () => void;
  close(): void;
}

export function clientOf(session: Session, sender: Sender): Client {
  return {
    session,
    async register(input) {
      const { register } = await sender.mutateAnonymously(documents.RegisterDocument, { input });
      return problems(register.errors);
    },
    async login(username, password) {
      const { login } = await sender.mutateAnonymously(documents.LoginDocument, { input: { username, password } });
      if (login.tokens) {
        session.keep(login.tokens);
      }
      return problems(login.errors);
    },
    async viewer() {
      const { viewer } = await sender.query(documents.ViewerDocument, {});
      return viewer && { username: viewer.user.username, permissions: viewer.permissions };
    },
    predict: async (model, text) => toPredictions(await sender.query(documents.PredictDocument, { model, text })),
    async match(resume, job) {
      const input = { resume: { text: resume }, job: { text: job } };
      return toMatch(await sender.query(documents.MatchResumeDocument, { input }));
    },
    rank: (input, next) =>
      new Promise((resolve, reject) => {
        sender.subscribe(
          documents.FollowRankingDocument,
          { input },
          ({ rankJobsProgress: progress }) => {
            const { done, total, result } = progress;
            next({ done, total, index: result.index, score: result.match?.score });
          },
          (error) => (error ? reject(error) : resolve()),
        );
      }),
    users: async (first, after) => toPage(await sender.query(documents.UsersDocument, { first, after })),
    async setRoles(id, roles) {
      const { setUserRoles } = await sender.mutate(documents.SetRolesDocument, { input: { id, roles: [...roles] } });
      return problems(setUserRoles.errors);
    },
    follow(next) {
      let isOver = false;
      let stop = (): void => {};
      const begin = (): void => {
        stop = sender.subscribe(
          documents.FollowViewerDocument,
          {},
          ({ viewer }) => next(viewer.user.roles),
          // The stream ends when its token expires; the next one needs a new token.
          () => {
            stop();
            if (!isOver) {
              setTimeout(begin, 50);
            }
          },
        );
      };
      begin();
      return () => {
        isOver = true;
        stop();
      };
    },
    close: () => sender.close(),
  };
}

function problems(errors: readonly FragmentType<typeof documents.ProblemsFragmentDoc>[]): readonly Problem[] {
  return getFragmentData(documents.ProblemsFragmentDoc, errors).map(({ code, path }) => ({ code, path }));
}

function toPredictions({ predict }: documents.PredictQuery): readonly Prediction[] {
  return predict.predictions.map(({ label, score }) => ({ label, score }));
}

function toMatch({ matchResume: match }: documents.MatchResumeQuery): Match {
  const quoted = match.requirements[0]?.jobSpan;
  if (!quoted) {
    throw new Error("the match has no requirements");
  }
  return {
    score: match.score,
    contributions: match.components.map(({ contribution }) => contribution),
    missing: match.skills.missing.map(({ skill }) => skill.label),
    quoted,
  };
}

function toPage({ users }: documents.UsersQuery): Page {
  const { edges, pageInfo } = users;
  return {
    names: edges.map(({ node }) => node.username),
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
  };
}
