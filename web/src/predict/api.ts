// The operations of the page Predict.
import { graphql } from "../gql";
import type { PredictModelsQuery, PredictRunQuery } from "../gql/graphql";

export const MODELS = graphql(`
  query PredictModels {
    models {
      name
      version
      task
      labels
      inputSize
      features
      description
      source
      featureRanges { name minimum maximum mean }
    }
  }
`);

export const RUN = graphql(`
  query PredictRun($input: PredictInput!) {
    predict(input: $input) {
      predictions { label score scores { label score } truncated }
    }
  }
`);

export type Classifier = PredictModelsQuery["models"][number];
export type Prediction = PredictRunQuery["predict"]["predictions"][number];
