//! Delays the answers to requests that are refused before anything is executed.
//!
//! Refusing a document can take far longer than sending it. Each refusal is answered later by nine times the time that it
//! took, so a connection that sends nothing else takes at most a tenth of one processor, whatever the number of its
//! streams. A client whose document has a mistake waits milliseconds.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::{Instant, sleep_until};

const FACTOR: u32 = 9;
/// The longest delay of one refusal. It may have waited for something else than a processor.
const LONGEST: Duration = Duration::from_secs(1);
/// Shorter delays are added up first, because timers count milliseconds.
const SHORTEST: Duration = Duration::from_millis(5);

/// The delay of the next refusal on a connection.
#[derive(Default)]
pub(super) struct RefusalDelay(Mutex<Option<Instant>>);

impl RefusalDelay {
    /// Waits, after a request was refused that was received at `received`.
    pub(super) async fn wait(&self, received: Instant) {
        let now = Instant::now();
        let end = self.extend(now, now - received);
        if end - now >= SHORTEST {
            sleep_until(end).await;
        }
    }

    /// The end of the delay after a refusal that took so long.
    pub(super) fn extend(&self, now: Instant, took: Duration) -> Instant {
        let mut end = self.0.lock();
        let begin = end.map_or(now, |end| end.max(now));
        *end.insert(begin + (took * FACTOR).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn a_refusal_is_answered_nine_times_as_late_as_it_took() {
        let (delay, now) = (RefusalDelay::default(), Instant::now());
        assert_eq!(delay.extend(now, millis(20)), now + millis(180));
        // The next one, after the delay.
        let later = now + millis(500);
        assert_eq!(delay.extend(later, millis(1)), later + millis(9));
    }

    #[test]
    fn refusals_side_by_side_wait_for_each_other() {
        let (delay, now) = (RefusalDelay::default(), Instant::now());
        for count in 1..=100 {
            assert_eq!(delay.extend(now, millis(10)), now + millis(90 * count));
        }
    }

    #[test]
    fn a_refusal_waits_a_second_at_most() {
        let (delay, now) = (RefusalDelay::default(), Instant::now());
        assert_eq!(delay.extend(now, Duration::from_secs(30)), now + Duration::from_secs(1));
    }

    #[tokio::test]
    async fn short_delays_are_added_up() {
        let delay = RefusalDelay::default();
        for _ in 0..100 {
            let received = Instant::now();
            delay.wait(received - Duration::from_micros(200)).await;
        }
        // At most the shortest delay is left of 100 delays of 1.8 ms and more.
        let end = delay.0.lock().unwrap();
        assert!(end <= Instant::now() + SHORTEST);
    }
}
