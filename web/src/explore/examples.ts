// Operations to begin with, each for callers with the permission that it needs. They are written as a client has them.
import type { Permission } from "../gql/graphql";

export interface Example {
  readonly name: string;
  readonly permission: Permission | null;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const RESUME = `Robin Example
Warehouse operative, Northwind Example Ltd, 2019 - 2024
- Picked and packed orders with a handheld scanner
- Drove a counterbalance forklift truck, licence renewed in 2023
- Checked deliveries against purchase orders`;
const POSTING = `Warehouse operative
Requirements
- Experience with picking and packing
- Forklift licence
- Able to use stock control software`;

export const EXAMPLES: readonly Example[] = [
  {
    name: "My account and quota",
    permission: null,
    query: `query MyAccount {
  service {
    version
    ready
  }
  viewer {
    user {
      username
      roles
    }
    permissions
    quota {
      limit
      used
      resetsAt
    }
  }
}`,
    variables: {},
  },
  {
    name: "Fields that I may use",
    permission: null,
    query: `query MayI($fields: [String!]!) {
  viewerCan(fields: $fields) {
    field
    allowed
    requires
  }
}`,
    variables: { fields: ["Query.predict", "Query.users", "Mutation.toggleUser"] },
  },
  {
    name: "Match a resume",
    permission: "MATCH_RESUME",
    query: `query Match($input: MatchResumeInput!) {
  matchResume(input: $input) {
    score
    summary
    components {
      kind
      score
      weight
      contribution
      reason
    }
    requirements {
      text
      mustHave
      met
      evidence {
        text
      }
    }
  }
}`,
    variables: { input: { resume: { text: RESUME }, job: { text: POSTING } } },
  },
  {
    name: "Rank postings, with progress",
    permission: "MATCH_RESUME",
    query: `subscription Rank($input: RankJobsInput!) {
  rankJobsProgress(input: $input) {
    done
    total
    result {
      index
      match {
        score
        summary
      }
      error {
        code
        message
      }
    }
  }
}`,
    variables: {
      input: {
        resume: { text: RESUME },
        jobs: [{ text: POSTING }, { text: "Accountant\nRequirements\n- A degree in accounting\n- Five years of audit experience" }],
      },
    },
  },
  {
    name: "Classify texts",
    permission: "PREDICT",
    query: `query Classify($input: PredictInput!) {
  predict(input: $input) {
    model {
      name
      version
    }
    predictions {
      label
      score
      scores {
        label
        score
      }
      truncated
    }
  }
}`,
    variables: {
      input: { model: "occupation", inputs: [{ text: "Repairs engines and brakes of trucks" }], topK: 3 },
    },
  },
  {
    name: "Served models",
    permission: "READ_MODELS",
    query: `query Models {
  models {
    name
    version
    task
    licence
    labels
    metrics {
      name
      value
    }
  }
}`,
    variables: {},
  },
  {
    name: "Search jobs",
    permission: "READ_JOBS",
    query: `query Search($query: String!, $first: Int) {
  searchJobs(query: $query, first: $first) {
    totalCount
    edges {
      score
      node {
        id
        title
      }
    }
  }
}`,
    variables: { query: "forklift driver", first: 10 },
  },
  {
    name: "Find accounts",
    permission: "READ_USERS",
    query: `query Accounts($filter: UserFilter) {
  users(first: 10, filter: $filter) {
    totalCount
    nodes {
      username
      roles
      enabled
    }
  }
}`,
    variables: { filter: { enabled: true } },
  },
  {
    name: "Follow my account",
    permission: null,
    query: `subscription FollowMe {
  viewer {
    user {
      username
      enabled
    }
    permissions
  }
}`,
    variables: {},
  },
];
