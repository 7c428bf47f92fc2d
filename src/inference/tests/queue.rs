//! The queue: its limit, deadlines, and the order of concurrent calls.

use super::*;

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_recovers() {
    let inference = Inference::open(&Settings {
        queue: 40,
        ..settings()
    })
    .unwrap();
    let many = |from: usize, count: usize| (from..from + count).map(|i| format!("text {i}")).collect::<Vec<_>>();
    assert_eq!(
        inference.embed("ann", many(0, 41)).await.unwrap_err(),
        InferenceError::Overloaded
    );
    let calls: Vec<_> = (0..8)
        .map(|i| {
            tokio::spawn({
                let inference = inference.clone();
                let texts = many(100 * i, 30);
                async move { inference.embed("ann", texts).await }
            })
        })
        .collect();
    let mut refused = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(embeddings) => assert_eq!(embeddings.len(), 30),
            Err(error) => {
                assert_eq!(error, InferenceError::Overloaded);
                refused += 1;
            }
        }
    }
    assert!((1..8).contains(&refused), "{refused}");
    assert_eq!(inference.embed("ann", many(5000, 40)).await.unwrap().len(), 40);
    assert_eq!(inference.usage().waiting, 0);
}

#[tokio::test]
async fn a_call_past_its_deadline_times_out_and_is_dropped() {
    let inference = Inference::open(&Settings {
        deadline: Duration::from_millis(1),
        ..settings()
    })
    .unwrap();
    let many: Vec<_> = (0..2000)
        .map(|i| format!("a text that takes its time, number {i}"))
        .collect();
    assert_eq!(
        inference.embed("ann", many).await.unwrap_err(),
        InferenceError::DeadlineExceeded
    );
    while inference.usage().waiting > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_small_call_preempts_the_running_batch() {
    // The large call is a single batch.
    let inference = Inference::open(&Settings {
        batch_pieces: usize::MAX,
        ..settings()
    })
    .unwrap();
    let many: Vec<_> = (0..100)
        .map(|i| format!("one of very many texts of a large job, number {i}"))
        .collect();
    let large = tokio::spawn({
        let inference = inference.clone();
        async move { inference.embed("ann", many).await }
    });
    while inference.usage().waiting == 0 {
        tokio::task::yield_now().await;
    }
    inference.embed("bob", texts(&["a short question"])).await.unwrap();
    assert!(!large.is_finished());
    assert_eq!(inference.usage().waiting, 100);
    assert_eq!(large.await.unwrap().unwrap().len(), 100);
}

#[tokio::test]
async fn large_requests_of_two_callers_alternate() {
    let inference = Inference::open(&settings()).unwrap();
    let texts = |name: &str, count: usize| -> Vec<_> {
        (0..count)
            .map(|i| format!("text {i} of the large job of {name}, one of {count}"))
            .collect()
    };
    let [larger, large] = [("ann", 120), ("bob", 12)].map(|(name, count)| {
        let (inference, texts) = (inference.clone(), texts(name, count));
        tokio::spawn(async move { inference.embed(name, texts).await })
    });
    assert_eq!(large.await.unwrap().unwrap().len(), 12);
    assert!(!larger.is_finished());
    assert_eq!(larger.await.unwrap().unwrap().len(), 120);
}

#[test]
fn dropping_the_service_ends_its_threads() {
    let inference = Inference::open(&settings()).unwrap();
    let weak = Arc::downgrade(&inference.inner);
    drop(inference);
    assert!(weak.upgrade().is_none());
}
