// The documents that relay-compiler reads. This file is not run: the files that the compiler generates are imported.
//
// With @throwOnFieldError on a query, or @catch on a field of another operation, fields with @semanticNonNull are not null.
import { graphql } from "relay-runtime";

export const documents = () => [
  graphql`
    mutation PortcullisRegisterMutation($input: RegisterInput!) {
      register(input: $input) {
        errors {
          code
          path
        }
      }
    }
  `,
  graphql`
    mutation PortcullisLoginMutation($input: LoginInput!) {
      login(input: $input) {
        tokens {
          accessToken
          refreshToken
        }
        errors {
          code
          path
        }
      }
    }
  `,
  graphql`
    mutation PortcullisRefreshMutation($input: RefreshInput!) {
      refresh(input: $input) {
        tokens {
          accessToken
          refreshToken
        }
      }
    }
  `,
  graphql`
    query PortcullisViewerQuery @throwOnFieldError {
      viewer {
        user {
          username
        }
        permissions
      }
    }
  `,
  graphql`
    query PortcullisPredictQuery($input: PredictInput!) @throwOnFieldError {
      predict(input: $input) {
        predictions {
          label
          score
        }
      }
    }
  `,
  graphql`
    query PortcullisMatchQuery($input: MatchResumeInput!) @throwOnFieldError {
      matchResume(input: $input) {
        score
        components {
          contribution
        }
        requirements {
          jobSpan {
            start
            end
            text
          }
        }
        skills {
          missing {
            skill {
              label
            }
          }
        }
      }
    }
  `,
  graphql`
    query PortcullisUsersQuery($first: Int!, $after: String) @throwOnFieldError {
      users(first: $first, after: $after) @connection(key: "Portcullis_users") {
        edges {
          node {
            username
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  graphql`
    mutation PortcullisSetRolesMutation($input: SetUserRolesInput!) {
      setUserRoles(input: $input) @catch(to: RESULT) {
        user {
          roles
        }
        errors {
          code
          path
        }
      }
    }
  `,
  graphql`
    subscription PortcullisViewerSubscription {
      viewer {
        user {
          roles
        }
      }
    }
  `,
  graphql`
    subscription PortcullisRankingSubscription($input: RankJobsInput!) {
      rankJobsProgress(input: $input) @catch(to: RESULT) {
        done
        total
        result {
          index
          match {
            score
          }
        }
      }
    }
  `,
];
