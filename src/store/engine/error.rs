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
