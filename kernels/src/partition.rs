//! The distribution of a batch's texts to threads, so that a thread takes its texts through all layers without
//! synchronization.

use std::cmp::Reverse;

use crate::ROWS;

/// The fraction of the batch's rows (one over this) by which a thread's share may exceed the mean; above it,
/// synchronizing is faster.
const UNEVEN: usize = 16;

/// Shares of whole texts, by index, each of at most about [`ROWS`] rows, that take all threads about equally long.
/// `None` if whole texts cannot be distributed in this way.
pub(super) fn deal(lengths: &[usize], threads: usize) -> Option<Vec<Vec<usize>>> {
    // The longest first, each to the thread with the least (Graham's rule), which is seldom more than a short text off.
    let mut order: Vec<_> = (0..lengths.len()).collect();
    order.sort_by_key(|text| Reverse(lengths[*text]));
    let mut hands = vec![(0, Vec::new()); threads];
    for text in order {
        if let Some((rows, texts)) = hands.iter_mut().min_by_key(|(rows, _)| *rows) {
            *rows += lengths[text];
            texts.push(text);
        }
    }
    let rows: usize = lengths.iter().sum();
    let even = |most: usize| most * threads <= rows + rows / UNEVEN;
    if !hands.iter().all(|(most, _)| even(*most)) {
        return None;
    }
    Some(
        hands
            .iter()
            .flat_map(|(rows, texts)| cut(*rows, texts, lengths))
            .collect(),
    )
}

/// Splits into parts of about equal rows: a text belongs to the part that contains its middle. No text is empty.
fn cut(rows: usize, texts: &[usize], lengths: &[usize]) -> Vec<Vec<usize>> {
    let parts = rows.div_ceil(ROWS);
    let mut shares = vec![Vec::new(); parts];
    let mut before = 0;
    for text in texts {
        let middle = before + lengths[*text] / 2;
        if let Some(share) = shares.get_mut(middle * parts / rows) {
            share.push(*text);
        }
        before += lengths[*text];
    }
    shares.retain(|share| !share.is_empty());
    shares
}

#[cfg(test)]
mod tests {
    //! Nothing is lost, and no thread has too much.

    use proptest::prelude::*;

    use super::*;

    fn rows(share: &[usize], lengths: &[usize]) -> usize {
        share.iter().map(|text| lengths[*text]).sum()
    }

    #[test]
    fn what_cannot_be_dealt_out_evenly_is_not() {
        assert_eq!(deal(&[128], 2), None);
        assert_eq!(deal(&[40, 40, 40], 2), None);
        assert_eq!(deal(&[7, 7], 3), None);
    }

    #[test]
    fn one_thread_takes_all_and_equal_texts_are_dealt_out_equally() {
        assert_eq!(deal(&[128], 1), Some(vec![vec![0]]));
        assert_eq!(deal(&[30, 20, 50, 40], 2), Some(vec![vec![2, 1], vec![3, 0]]));
        let shares = deal(&[128; 8], 2).unwrap();
        assert!(shares.iter().all(|share| share.len() <= 2), "{shares:?}");
    }

    proptest! {
        #[test]
        fn every_text_is_in_one_share_of_bounded_rows(
            lengths in proptest::collection::vec(1_usize..=256, 1..200),
            threads in 1_usize..9,
        ) {
            let Some(shares) = deal(&lengths, threads) else { return Ok(()) };
            let mut dealt: Vec<_> = shares.concat();
            dealt.sort_unstable();
            prop_assert_eq!(dealt, (0..lengths.len()).collect::<Vec<_>>());
            prop_assert!(shares.iter().all(|share| !share.is_empty()));
            // A text whose middle is in a part may extend beyond it on both sides.
            prop_assert!(shares.iter().all(|share| rows(share, &lengths) <= ROWS + 256), "{:?}", shares);
        }
    }
}
