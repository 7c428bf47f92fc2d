//! Errors of SurrealKV as those of a storage backend.

use surrealdb_kvs::Error;

pub(super) fn failed(error: surrealkv::Error) -> Error {
    match error {
        surrealkv::Error::TransactionWriteConflict => Error::TransactionConflict(error.to_string()),
        surrealkv::Error::TransactionReadOnly => Error::TransactionReadonly,
        surrealkv::Error::TransactionClosed => Error::TransactionFinished,
        error => Error::Transaction(error.to_string()),
    }
}

/// Whether a commit that ended with this error may have left the files in an unknown state: every error but those that
/// refuse a transaction before it is written.
pub(super) fn is_write_failure(error: &surrealkv::Error) -> bool {
    use surrealkv::Error as E;
    !matches!(
        error,
        E::TransactionWriteConflict
            | E::TransactionRetry
            | E::TransactionReadOnly
            | E::TransactionWriteOnly
            | E::TransactionClosed
            | E::EmptyKey
            | E::InvalidArgument(_)
    )
}
