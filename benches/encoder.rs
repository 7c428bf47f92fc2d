//! How long the encoder takes: one text, a batch of mixed lengths, equal lengths; f32 and int8; all threads.
//!
//! Against other systems: `just bench-peers`.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use portcullis::inference::{Buffers, Compute, Encoder, Precision};

/// Any pieces will do: the network does the same work for all.
fn texts(lengths: &[usize]) -> Vec<Vec<u32>> {
    let mut next = 0_u32;
    let mut text = |length: &usize| {
        (0..*length)
            .map(|_| {
                next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                1_000 + (next >> 8) % 28_000
            })
            .collect()
    };
    lengths.iter().map(&mut text).collect()
}

fn encoder(criterion: &mut Criterion) {
    let shapes = [
        ("one_of_19", texts(&[19])),
        ("one_of_128", texts(&[128])),
        ("mixed_12", texts(&[5, 9, 12, 14, 17, 19, 22, 26, 31, 38, 47, 64])),
        ("8_of_32", texts(&[32; 8])),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/minilm");
    for precision in [Precision::F32, Precision::Int8] {
        let Ok(encoder) = Encoder::open(&folder, Compute::Kernels(precision)) else {
            panic!("the shipped encoder does not load");
        };
        let mut group = criterion.benchmark_group(format!("encoder_{precision:?}").to_lowercase());
        group.sample_size(20).measurement_time(Duration::from_secs(3));
        for (name, texts) in &shapes {
            group.throughput(Throughput::Elements(texts.iter().map(Vec::len).sum::<usize>() as u64));
            let mut buffers = Buffers::default();
            group.bench_with_input(BenchmarkId::from_parameter(name), texts, |bencher, texts| {
                bencher.iter(|| black_box(encoder.embed(texts, &mut buffers)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, encoder);
criterion_main!(benches);
