//! A thread pool that spins during a batch to avoid wake-up latency.
//!
//! Threads synchronize a dozen times in a batch, for a short text every few hundred microseconds. An idle rayon thread
//! soon sleeps, and waking it takes about as long as it saves, on virtual machines longer: there, a text of 32 pieces
//! takes a tenth longer with sleeping threads.
//!
//! A thread that waits for others within its own share must return to it, so it never spins for a batch: shares are
//! separate jobs, not nested joins, and threads inside a share are marked.

use std::cell::Cell;
use std::hint::spin_loop;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rayon::Yield;

use crate::Result;

/// Processor pauses between two checks for work.
const PAUSES: usize = 8;
/// Checks after which the processor is offered to other threads, some tens of microseconds.
const CHECKS: usize = 64;

thread_local! {
    /// Whether the thread is inside a share.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Marks the thread until it is dropped.
struct Busy(bool);

impl Busy {
    fn mark() -> Self {
        Self(BUSY.replace(true))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.set(self.0);
    }
}

/// Set when dropped, also after a panic.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Until `work` completes, the threads of the pool check for its shares without sleeping.
pub(super) fn keep_spinning<R>(work: impl FnOnce() -> R) -> R {
    let done = AtomicBool::new(false);
    rayon::in_place_scope(|scope| {
        scope.spawn_broadcast(|_, _| look_for_work(&done));
        let (_done, _busy) = (Done(&done), Busy::mark());
        work()
    })
}

fn look_for_work(done: &AtomicBool) {
    let mut checks = 0;
    while !BUSY.get() && !done.load(Ordering::Acquire) {
        if rayon::yield_now() == Some(Yield::Executed) {
            checks = 0;
            continue;
        }
        checks += 1;
        if checks < CHECKS {
            (0..PAUSES).for_each(|_| spin_loop());
        } else {
            // On a busy machine, the thread that is waited for may need this processor.
            thread::yield_now();
        }
    }
}

/// Runs each part on a thread and waits for all of them.
pub(super) fn share<T: Send>(parts: impl Iterator<Item = T>, work: impl Fn(T) + Sync) {
    let work = &work;
    rayon::in_place_scope(|scope| {
        for part in parts {
            scope.spawn(move |_| {
                let _busy = Busy::mark();
                work(part);
            });
        }
    });
}

/// As [`share`], for work that may fail; returns one of the errors.
pub(super) fn try_share<T: Send>(parts: impl Iterator<Item = T>, work: impl Fn(T) -> Result<()> + Sync) -> Result<()> {
    let failed = OnceLock::new();
    share(parts, |part| {
        if let Err(error) = work(part) {
            // One of them is sufficient.
            let _ = failed.set(error);
        }
    });
    failed.into_inner().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    //! Everything completes, whichever thread waits for which.

    use std::sync::atomic::AtomicUsize;

    use rten_gemm::GemmError;

    use super::*;

    /// Shares that wait for nested shares, as matrix products do.
    fn batch(depth: usize, count: &AtomicUsize) {
        keep_spinning(|| {
            for _ in 0..3 {
                share(0..4, |_| {
                    count.fetch_add(1, Ordering::Relaxed);
                    if depth > 0 {
                        rayon::join(|| batch(depth - 1, count), std::thread::yield_now);
                    }
                });
            }
        });
    }

    #[test]
    fn batches_inside_and_beside_each_other_end() {
        for threads in 1..5 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let count = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| (0..20).for_each(|_| pool.install(|| batch(1, &count))));
                }
            });
            assert_eq!(count.into_inner(), 3 * 20 * (12 + 12 * 12));
        }
    }

    #[test]
    fn an_error_of_any_share_is_told() {
        let work = |part| {
            if part == 3 {
                Err(GemmError::WrongBiasSize)
            } else {
                Ok(())
            }
        };
        assert!(try_share(0..3, work).is_ok());
        assert_eq!(try_share(0..5, work), Err(GemmError::WrongBiasSize));
    }

    #[test]
    fn a_panic_is_passed_on_and_leaves_nothing_behind() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let panicking = || pool.install(|| keep_spinning(|| share(0..4, |part| assert_ne!(part, 2))));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panicking)).is_err());
        let marked = pool.broadcast(|_| BUSY.get());
        assert_eq!(marked, [false; 2]);
    }
}
