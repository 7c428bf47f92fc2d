//! Events of the audit trail, such as `predict` writes.

use portcullis::audit::{Action, Audit, Event};

/// Fewer events than may wait to be written.
const AT_ONCE: usize = 10_000;

/// Writes so many events of so many accounts, and says after each 10,000 how many were written.
pub(crate) async fn fill(audit: &Audit, events: usize, accounts: usize, written: impl Fn(usize)) {
    for first in (0..events).step_by(AT_ONCE) {
        let end = events.min(first + AT_ONCE);
        for n in first..end {
            let account = format!("account-{:07}", (n * 7919) % accounts.max(1));
            let session = format!("01997c1e-5a8f-7d10-a7b1-{:012x}", n % (10 * accounts.max(1)));
            audit.note(
                Event::new(Action::Inference)
                    .by(Some(&account))
                    .within(&session)
                    .from(Some([192, 0, 2, 7].into()))
                    .field("Query.predict")
                    .model("occupation@1")
                    .cost(10)
                    .millis(3),
            );
        }
        audit.flush().await.unwrap();
        written(end);
    }
}
