//! The deadline of an operation with a single response. Work in many steps suspends it, because it has limits of its own.

use std::time::Duration;

use async_graphql::Context;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// The deadline, cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct OperationDeadline {
    started: Instant,
    limit: Duration,
    state: watch::Sender<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    end: Instant,
    /// The number of running pieces of long work.
    suspensions: usize,
}

/// Suspends the deadline of an operation until it is dropped.
#[derive(Debug)]
pub(crate) struct Suspension(OperationDeadline);

impl OperationDeadline {
    /// The deadline of an operation that begins now.
    pub(crate) fn new(limit: Duration) -> Self {
        let started = Instant::now();
        let state = State {
            end: started + limit,
            suspensions: 0,
        };
        Self {
            started,
            limit,
            state: watch::Sender::new(state),
        }
    }

    /// The result of the work; `None` if the deadline passes first.
    pub(crate) async fn limit<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.passed() => None,
        }
    }

    async fn passed(&self) {
        let mut state = self.state.subscribe();
        loop {
            let end = state.borrow_and_update().end;
            tokio::select! {
                () = sleep_until(end) => return,
                // `self` keeps the sender.
                _ = state.changed() => {}
            }
        }
    }

    /// Suspends the deadline for work that ends by itself within `most` after the operation began. Afterwards, the rest
    /// of the operation has the usual time.
    fn suspend(&self, most: Duration) -> Suspension {
        // The work ends at its limit with a result that says so, which must still be answered.
        let end = self.started + most + self.limit;
        self.state.send_modify(|state| {
            state.suspensions += 1;
            state.end = state.end.max(end);
        });
        Suspension(self.clone())
    }
}

impl Drop for Suspension {
    fn drop(&mut self) {
        self.0.state.send_modify(|state| {
            state.suspensions -= 1;
            if state.suspensions == 0 {
                state.end = state.end.min(Instant::now() + self.0.limit);
            }
        });
    }
}

/// Suspends the deadline of the operation, if it has one. Subscriptions do not.
pub(crate) fn suspend(ctx: &Context<'_>, most: Duration) -> Option<Suspension> {
    let deadline = ctx.data_opt::<OperationDeadline>()?;
    Some(deadline.suspend(most))
}

#[cfg(test)]
mod tests {
    //! The end of the deadline. Operations are tested in `tests/it`.

    use std::future::{pending, ready};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(20);
    const MOST: Duration = Duration::from_secs(3600);

    fn end(deadline: &OperationDeadline) -> Instant {
        deadline.state.borrow().end
    }

    #[tokio::test]
    async fn work_of_one_step_has_the_usual_time() {
        assert_eq!(OperationDeadline::new(LIMIT).limit(ready(1)).await, Some(1));
        assert_eq!(OperationDeadline::new(LIMIT).limit(pending::<()>()).await, None);
    }

    #[tokio::test]
    async fn long_work_suspends_the_deadline_while_it_runs() {
        let deadline = OperationDeadline::new(LIMIT);
        let long = async {
            let first = deadline.suspend(MOST);
            let second = deadline.suspend(MOST);
            drop(first);
            tokio::time::sleep(3 * LIMIT).await;
            drop(second);
        };
        assert_eq!(deadline.limit(long).await, Some(()));
        let rest = async {
            drop(deadline.suspend(MOST));
            pending::<()>().await;
        };
        assert_eq!(deadline.limit(rest).await, None);
    }

    #[test]
    fn long_work_ends_however_often_it_begins() {
        let deadline = OperationDeadline::new(LIMIT);
        assert_eq!(end(&deadline), deadline.started + LIMIT);
        for _ in 0..3 {
            let suspension = deadline.suspend(MOST);
            assert_eq!(end(&deadline), deadline.started + MOST + LIMIT);
            drop(suspension);
            assert!(end(&deadline) <= Instant::now() + LIMIT);
        }
    }
}
