//! Results of mutations: problems that the client can correct are returned in the payload's `errors`; any other failure is
//! a GraphQL error.

use crate::graphql::error::{Failure, UserError};

/// The result of a mutation with the field `errors`. Its default is the result of a mutation that changed nothing.
pub(crate) trait Payload: Default {
    /// The result of a mutation that was rejected for these reasons.
    fn rejected(errors: Vec<UserError>) -> Self;
}

/// Implements [`Payload`] for a type with the field `errors`.
macro_rules! impl_payload {
    ($payload:ty) => {
        impl $crate::graphql::schema::payload::Payload for $payload {
            fn rejected(errors: Vec<$crate::graphql::error::UserError>) -> Self {
                Self {
                    errors,
                    ..Self::default()
                }
            }
        }
    };
}
pub(crate) use impl_payload;

/// The payload of a mutation: `accepted` makes it from the value of a success, and `user_errors` finds the problems that
/// the client can correct, such as [`user_errors`](crate::graphql::error::user_errors).
///
/// # Errors
/// The client cannot correct the problem.
pub(crate) fn payload<P: Payload, T, E>(
    result: Result<T, E>,
    user_errors: impl FnOnce(E) -> Result<Vec<UserError>, Failure>,
    accepted: impl FnOnce(T) -> P,
) -> async_graphql::Result<P> {
    match result {
        Ok(value) => Ok(accepted(value)),
        Err(error) => Ok(P::rejected(user_errors(error)?)),
    }
}

#[cfg(test)]
mod tests {
    //! The rule itself. What each mutation answers is tested in `tests/it`.

    use super::*;
    use crate::graphql::error::{argument_errors, user_errors};
    use crate::identity::{Error, ObjectKind};

    #[derive(Debug, Default, PartialEq)]
    struct Counted {
        count: i32,
        errors: Vec<String>,
    }

    impl Payload for Counted {
        fn rejected(errors: Vec<UserError>) -> Self {
            let errors = errors.into_iter().map(|error| error.path.join(".")).collect();
            Self { errors, count: 0 }
        }
    }

    #[test]
    fn only_what_the_client_can_correct_is_in_the_payload() {
        let count = |count| Counted { count, errors: vec![] };
        assert_eq!(payload(Ok(7), user_errors, count).unwrap(), count(7));
        let rejected = |path: &str| Counted {
            count: 0,
            errors: vec![path.to_owned()],
        };
        let taken = payload(Err(Error::UsernameTaken), user_errors, count).unwrap();
        assert_eq!(taken, rejected("input.username"));
        let unknown = payload(Err(Error::NotFound(ObjectKind::User)), argument_errors, count).unwrap();
        assert_eq!(unknown, rejected("id"));
        let busy = payload(Err(Error::Overloaded), user_errors, count).unwrap_err();
        let failure = busy.source.as_ref().and_then(|source| source.downcast_ref::<Failure>());
        assert_eq!(failure.map(Failure::code), Some("OVERLOADED"));
    }
}
