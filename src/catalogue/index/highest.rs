//! The highest of many values.

/// Values that are compared at once.
pub(super) const CHUNK: usize = 64;

/// The `depth`th highest value, or less if there are fewer.
pub(super) fn nth_highest(values: &[f32], depth: usize) -> f32 {
    let Some(last) = depth.checked_sub(1) else {
        return f32::INFINITY;
    };
    let mut lowest = f32::NEG_INFINITY;
    let mut found: Vec<f32> = Vec::new();
    let keep_best = |found: &mut Vec<f32>| {
        let (_, nth, _) = found.select_nth_unstable_by(last, |a, b| b.total_cmp(a));
        let nth = *nth;
        found.truncate(depth);
        nth
    };
    for chunk in values.chunks(CHUNK) {
        // Most chunks have nothing higher than the best so far, which all of their values tell at once.
        if chunk.iter().fold(false, |any, value| any | (*value > lowest)) {
            found.extend(chunk.iter().filter(|value| **value > lowest));
            if found.len() > 2 * depth + CHUNK {
                lowest = keep_best(&mut found);
            }
        }
    }
    if found.len() > last {
        keep_best(&mut found)
    } else {
        lowest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_nth_highest_is_that_of_a_sorted_list(values in prop::collection::vec(0..50_u8, 0..400), depth in 0..9_usize) {
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let mut sorted = values.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let found = nth_highest(&values, depth);
            match depth.checked_sub(1) {
                None => prop_assert_eq!(found, f32::INFINITY),
                Some(last) => match sorted.get(last) {
                    Some(value) => prop_assert_eq!(found, *value),
                    None => prop_assert_eq!(found, f32::NEG_INFINITY),
                },
            }
        }
    }
}
