//! The index alone, against plain reckoning. Jobs and texts come in where the catalogue is tested.

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;

const WIDTH: usize = 4;

fn unit(direction: [f32; WIDTH]) -> Vec<f32> {
    let norm = direction.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
    direction.iter().map(|x| x / norm).collect()
}

fn normalized(vector: Vec<f32>) -> Vec<f32> {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.into_iter().map(|x| x / norm).collect()
}

fn put(index: &mut Index, id: &str, version: i64, terms: &[(u32, u8)], direction: [f32; WIDTH]) {
    let vector = QuantizedVector::of(&unit(direction));
    index.put(&id.into(), version, terms.iter().copied(), Some(&vector));
}

fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| &*hit.id).collect()
}

fn words(terms: &[u32]) -> Query {
    Query {
        terms: terms.iter().map(|term| (*term, 1)).collect(),
        ..Query::default()
    }
}

#[test]
fn a_rare_word_weighs_more_and_a_long_text_less() {
    let mut index = Index::new(WIDTH);
    put(&mut index, "a", 1, &[(1, 1), (2, 1)], [0.0; 4]);
    put(&mut index, "b", 1, &[(1, 1), (3, 1)], [0.0; 4]);
    put(&mut index, "c", 1, &[(1, 1), (3, 1), (4, 200)], [0.0; 4]);
    let hits = index.search(&words(&[1, 2]), 10);
    assert_eq!(ids(&hits), ["a", "b", "c"]);
    assert!(hits.iter().all(|hit| hit.similarity == 0.0));
    // BM25 as it is written down, for the first of them.
    let (n, average, length) = (3.0_f32, (2.0 + 2.0 + 202.0) / 3.0, 2.0);
    let part = |with: f32| {
        let rarity = (1.0 + (n - with + 0.5) / (with + 0.5)).ln();
        rarity * 2.2 / (1.0 + 1.2 * (0.25 + 0.75 * length / average))
    };
    assert!((hits[0].words - part(3.0) - part(1.0)).abs() < 1e-4, "{hits:?}");
    assert_eq!(ids(&index.search(&words(&[5]), 10)), Vec::<&str>::new());
}

#[test]
fn words_and_meaning_are_fused() {
    let mut index = Index::new(WIDTH);
    put(&mut index, "both", 1, &[(1, 1)], [1.0, 0.0, 0.0, 0.0]);
    put(&mut index, "words", 1, &[(1, 1)], [0.0, 0.0, 0.0, 1.0]);
    put(&mut index, "meaning", 1, &[(2, 1)], [1.0, 0.1, 0.0, 0.0]);
    put(&mut index, "neither", 1, &[(2, 1)], [0.0, 1.0, 0.0, 0.0]);
    index.put(&"unencoded".into(), 1, [(1, 1)].into_iter(), None);
    let query = Query {
        terms: vec![(1, 1)],
        vector: unit([1.0, 0.0, 0.0, 0.0]),
    };
    let hits = index.search(&query, 10);
    assert_eq!(hits[0].id.as_ref(), "both");
    assert!(
        (hits[0].score - 1.0).abs() < 1e-6 && (hits[0].similarity - 1.0).abs() < 0.01,
        "{hits:?}"
    );
    let mut all = ids(&hits);
    all.sort_unstable();
    assert_eq!(all, ["both", "meaning", "unencoded", "words"]);
    assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
    // One way finds its best, the other finds its own.
    assert_eq!(index.search(&query, 1).len(), 1);
}

#[test]
fn older_versions_are_ignored() {
    let mut index = Index::new(WIDTH);
    put(&mut index, "a", 5, &[(1, 1)], [1.0; 4]);
    put(&mut index, "a", 4, &[(2, 1)], [1.0; 4]);
    index.remove("a", 4);
    index.remove("b", 9);
    assert_eq!(ids(&index.search(&words(&[1, 2]), 9)), ["a"]);
    assert_eq!(index.search(&words(&[2]), 9), []);
    put(&mut index, "a", 6, &[(2, 1)], [1.0; 4]);
    assert_eq!(index.search(&words(&[1]), 9), []);
    assert_eq!((index.len(), index.version("a")), (1, Some(6)));
    index.remove("a", 6);
    assert_eq!((index.len(), index.version("a")), (0, None));
    assert_eq!(index.search(&words(&[2]), 9), []);
}

#[test]
fn pages_are_disjoint_while_jobs_change() {
    let mut index = Index::new(WIDTH);
    for n in (0..100).rev() {
        put(&mut index, &format!("{n:03}"), 1, &[], [1.0; 4]);
    }
    let first = index.page(None, 40);
    assert_eq!((&*first[0], &*first[39]), ("000", "039"));
    index.remove("039", 2);
    put(&mut index, "039a", 2, &[], [1.0; 4]);
    let second = index.page(Some(&first[39]), 100);
    assert_eq!((&*second[0], second.len()), ("039a", 61));
    assert!(index.page(Some("zzz"), 9).is_empty());
}

#[test]
fn packing_does_not_change_results() {
    let mut index = Index::new(WIDTH);
    let mut fresh = Index::new(WIDTH);
    for n in 0..6_000_u32 {
        let direction = [n as f32, 1.0, (n % 7) as f32, 0.5];
        put(&mut index, &format!("{n}"), 1, &[(n % 50, 2), (n, 1)], direction);
        if n % 2 == 1 {
            put(&mut fresh, &format!("{n}"), 1, &[(n % 50, 2), (n, 1)], direction);
        }
    }
    for n in (0..6_000).step_by(2) {
        index.remove(&n.to_string(), 2);
    }
    assert!(index.rows.len() < 5_000, "{} rows", index.rows.len());
    let query = |n: u32| Query {
        terms: vec![(n % 50, 1), (n, 1)],
        vector: unit([n as f32, 1.0, 0.0, 0.0]),
    };
    for n in [1, 77, 4_001] {
        assert_eq!(index.search(&query(n), 50), fresh.search(&query(n), 50));
    }
    index.pack();
    assert_eq!(index.search(&query(77), 50), fresh.search(&query(77), 50));
}

/// What a search by meaning alone finds, compared with the cosines of all rows.
fn assert_finds_the_nearest(index: &Index, vector: Vec<f32>, depth: usize, context: &str) {
    let cosines = index.vectors.cosines(&vector).unwrap();
    let rows = index.rows.iter().enumerate();
    let rows = rows.filter_map(|(at, row)| Some((cosines.of(at), row.id.clone()?)));
    let mut expected: Vec<(f32, Arc<str>)> = rows.filter(|(cosine, _)| *cosine > FAINT).collect();
    expected.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    expected.truncate(depth);
    let query = Query {
        terms: Vec::new(),
        vector,
    };
    let hits = index.search(&query, depth);
    let found: Vec<_> = hits.into_iter().map(|hit| (hit.similarity, hit.id)).collect();
    assert_eq!(found, expected, "{context}");
}

#[test]
fn the_nearest_rows_are_those_of_all_cosines() {
    for seed in 0..100 {
        let mut random = StdRng::seed_from_u64(seed);
        let (count, depth) = (random.random_range(0..300), random.random_range(0..40));
        let mut direction = || normalized((0..64).map(|_| random.random_range(-1.0..1.0)).collect());
        let mut index = Index::new(64);
        for n in 0..count {
            let (id, vector) = (format!("{n:03}").into(), QuantizedVector::of(&direction()));
            index.put(&id, 1, std::iter::empty(), (n % 7 > 0).then_some(&vector));
        }
        for n in (0..count).step_by(5) {
            index.remove(&format!("{n:03}"), 2);
        }
        assert_finds_the_nearest(&index, direction(), depth, &seed.to_string());
    }
}

/// Vectors of a few directions and noise, like embeddings. A fixed seed, since one in many rows may be missed.
#[test]
fn the_nearest_rows_are_found_by_their_projections() {
    const ROWS: usize = 17 * BLOCK + 100;
    let mut random = StdRng::seed_from_u64(9);
    let mut draw = |count: usize| (0..count).map(|_| random.random_range(-1.0..1.0)).collect::<Vec<f32>>();
    let directions: Vec<Vec<f32>> = (0..10).map(|_| draw(384)).collect();
    let mut vector = || {
        let mut vector = draw(384);
        for (part, direction) in draw(10).into_iter().zip(&directions) {
            vector.iter_mut().zip(direction).for_each(|(x, y)| *x += part * y);
        }
        normalized(vector)
    };
    let mut index = Index::new(384);
    for n in 0..ROWS {
        let (id, vector) = (format!("{n:05}").into(), QuantizedVector::of(&vector()));
        index.put(&id, 1, std::iter::empty(), (n % 50 > 0).then_some(&vector));
    }
    let queries: Vec<_> = (0..5).map(|_| vector()).collect();
    let search = |index: &Index, context: &str| {
        for (query, depth) in queries.iter().zip([0, 1, 20, 300, ROWS]) {
            assert_finds_the_nearest(index, query.clone(), depth, &format!("{context}, {depth}"));
        }
    };
    search(&index, "all");
    for n in (0..ROWS).step_by(3) {
        index.remove(&format!("{n:05}"), 2);
    }
    assert_eq!(index.rows.len(), ROWS);
    search(&index, "with gaps");
    for n in (1..ROWS).step_by(6) {
        index.remove(&format!("{n:05}"), 2);
    }
    assert!(index.rows.len() < ROWS * 3 / 4, "{}", index.rows.len());
    search(&index, "packed");
}

proptest! {
    #[test]
    fn the_best_rows_are_those_of_a_sorted_list(values in prop::collection::vec(0..9_u8, 0..120), depth in 0..7_usize) {
        let mut index = Index::new(WIDTH);
        for (n, _) in values.iter().enumerate() {
            // The order of the ids is not that of the rows.
            put(&mut index, &format!("{:03}", (n * 37) % 120), 1, &[], [0.0; 4]);
        }
        let values: Vec<f32> = values.into_iter().map(f32::from).collect();
        let id = |row: u32| index.rows[row as usize].id.clone();
        let rows: Vec<(f32, u32)> = values.iter().copied().zip(0..).collect();
        let mut sorted: Vec<u32> = (0..u32::try_from(values.len()).unwrap()).collect();
        sorted.retain(|row| values[*row as usize] > 2.0);
        sorted.sort_by(|a, b| values[*b as usize].total_cmp(&values[*a as usize]).then_with(|| id(*a).cmp(&id(*b))));
        sorted.truncate(depth);
        prop_assert_eq!(index.best(rows, 2.0, depth), sorted);
    }

    #[test]
    fn quantized_cosines_are_close_to_those_of_the_vectors(a: [i8; 32], b: [i8; 32]) {
        let float = |values: [i8; 32]| -> Vec<f32> {
            let values: Vec<f32> = values.iter().map(|x| f32::from(*x)).collect();
            let norm = values.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
            values.iter().map(|x| x / norm).collect()
        };
        let (a, b) = (float(a), float(b));
        let mut index = Index::new(32);
        index.put(&"a".into(), 1, std::iter::empty(), Some(&QuantizedVector::of(&a)));
        let exact: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        let found = index.vectors.cosines(&b).unwrap().of(0);
        prop_assert!((found - exact).abs() < 0.02, "{found} {exact}");
    }
}
