//! A storage backend of SurrealDB over SurrealKV: opens the tree and begins transactions.

use std::sync::Arc;

use surrealdb_cnf::ConfigMap;
use surrealdb_core::kvs::{TransactionBuilderFactory, TransactionBuilderParts};
use surrealdb_kvs::api::BoxFut;
use surrealdb_kvs::{Metrics, Result, Transactable, TransactionBuilder, TransactionType};
use tokio_util::sync::CancellationToken;

use super::reopening::ReopenableTree;
use super::transaction::Transaction;

/// Opens the tree when SurrealDB requests it.
pub(super) struct Factory(pub(super) Arc<ReopenableTree>);

impl TransactionBuilderFactory for Factory {
    type RouterState = ();

    async fn new_transaction_builder(
        &self,
        _path: &str,
        _canceller: CancellationToken,
        _config: ConfigMap,
    ) -> anyhow::Result<TransactionBuilderParts<()>> {
        self.0.open().await?;
        let backend = Backend(Arc::clone(&self.0));
        Ok(TransactionBuilderParts::without_router_state(Box::new(backend)))
    }

    fn path_valid(&self, path: &str) -> anyhow::Result<String> {
        Ok(path.to_owned())
    }
}

struct Backend(Arc<ReopenableTree>);

impl TransactionBuilder for Backend {
    fn name(&self) -> &'static str {
        "surrealkv"
    }

    fn new_transaction(&self, kind: TransactionType) -> BoxFut<'_, Result<(Box<dyn Transactable>, bool)>> {
        Box::pin(async move {
            let writes = kind == TransactionType::Write;
            let (tree, inner) = self.0.begin(writes).await?;
            let transaction: Box<dyn Transactable> = Box::new(Transaction::new(tree, inner, writes));
            Ok((transaction, true))
        })
    }

    fn shutdown(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(self.0.close())
    }

    fn register_metrics(&self) -> Option<Metrics> {
        None
    }

    fn collect_u64_metric(&self, _metric: &str) -> Option<u64> {
        None
    }
}
