//! Latency of the encoder with all threads, for one text and for batches of mixed and of equal lengths, in f32 and int8; and
//! throughput of its kernels on one thread, compared with rten-gemm, whose matrix product is an upper bound. The elements
//! of a product are its additions and multiplications, so Gelem/s are GFLOP/s.
//!
//! `just bench-peers` compares the encoder with onnxruntime.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use portcullis::inference::{Attention, Buffers, Compute, Encoder, Epilogue, Linear, Precision, WIDTH};
use rayon::ThreadPool;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::NdTensorView;

/// Rows of the products: a short text, and the part of a batch on one thread.
const ROWS: [usize; 2] = [16, 96];
/// Inputs, outputs and activation of the linear layers.
const PRODUCTS: [(&str, usize, usize, Epilogue); 4] = [
    ("qkv", 384, 1152, Epilogue::Store),
    ("output", 384, 384, Epilogue::Add),
    ("intermediate", 384, 1536, Epilogue::Gelu),
    ("output", 1536, 384, Epilogue::Add),
];

/// Reproducible numbers from -1 to 1.
fn numbers(count: usize) -> Vec<f32> {
    let mut state = 1_u32;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

/// Texts of these lengths, of arbitrary word pieces: the work does not depend on them.
fn texts(lengths: &[usize]) -> Vec<Vec<u32>> {
    let pieces = numbers(lengths.iter().sum());
    let mut pieces = pieces.iter().map(|x| 1_000 + (x.abs() * 28_000.0) as u32);
    lengths
        .iter()
        .map(|length| pieces.by_ref().take(*length).collect())
        .collect()
}

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    group
}

/// The time of `count` runs on the pool.
fn timed(pool: &ThreadPool, count: u64, mut run: impl FnMut() + Send) -> Duration {
    pool.install(|| {
        let started = Instant::now();
        (0..count).for_each(|_| run());
        started.elapsed()
    })
}

fn gemm(criterion: &mut Criterion, pool: &ThreadPool) {
    let mut group = group(criterion, "gemm");
    for (name, inputs, outputs, _) in PRODUCTS {
        let weight = numbers(inputs * outputs);
        let bytes: Vec<_> = weight.iter().map(|x| (x * 127.0) as i8).collect();
        let floats = NdTensorView::from_data([inputs, outputs], weight.as_slice());
        let floats = GemmExecutor::<f32, f32, f32>::new().prepack_b(floats);
        let bytes = NdTensorView::from_data([inputs, outputs], bytes.as_slice());
        let bytes = GemmExecutor::<u8, i8, i32>::new().prepack_b(bytes);
        for rows in ROWS {
            group.throughput(Throughput::Elements((2 * rows * inputs * outputs) as u64));
            let x = numbers(rows * inputs);
            let mut out = vec![0.0; rows * outputs];
            group.bench_function(format!("f32/{name}/{rows}"), |bencher| {
                bencher.iter_custom(|count| {
                    timed(pool, count, || {
                        let x = GemmInputA::Unpacked(NdTensorView::from_data([rows, inputs], x.as_slice()));
                        let (weight, options) = (GemmInputB::Packed(&floats), GemmOptions::default());
                        // An executor cannot move to another thread; creating it only selects a kernel.
                        let product = GemmExecutor::<f32, f32, f32>::new().gemm(&mut out, x, weight, options);
                        assert!(black_box(product).is_ok());
                    })
                });
            });
            let x: Vec<_> = x.iter().map(|x| (x.abs() * 127.0) as u8).collect();
            let mut out = vec![0; rows * outputs];
            group.bench_function(format!("int8/{name}/{rows}"), |bencher| {
                bencher.iter_custom(|count| {
                    timed(pool, count, || {
                        let x = GemmInputA::Unpacked(NdTensorView::from_data([rows, inputs], x.as_slice()));
                        let (weight, options) = (GemmInputB::Packed(&bytes), GemmOptions::default());
                        let product = GemmExecutor::<u8, i8, i32>::new().gemm(&mut out, x, weight, options);
                        assert!(black_box(product).is_ok());
                    })
                });
            });
        }
    }
    group.finish();
}

fn linear(criterion: &mut Criterion, pool: &ThreadPool) {
    let mut group = group(criterion, "linear");
    for (name, inputs, outputs, then) in PRODUCTS {
        for (precision, shown) in [(Precision::F32, "f32"), (Precision::Int8, "int8")] {
            let linear = Linear::new(&numbers(inputs * outputs), numbers(outputs), precision);
            for rows in ROWS {
                group.throughput(Throughput::Elements((2 * rows * inputs * outputs) as u64));
                let (x, before) = (numbers(rows * inputs), numbers(rows * outputs));
                let mut out = before.clone();
                group.bench_function(format!("{shown}/{name}/{rows}"), |bencher| {
                    bencher.iter_custom(|count| {
                        timed(pool, count, || {
                            // Otherwise, repeated sums would overflow.
                            out.copy_from_slice(&before);
                            assert!(linear.run(&x, &mut out, then).is_ok());
                        })
                    });
                });
            }
        }
    }
    group.finish();
}

fn attention(criterion: &mut Criterion, pool: &ThreadPool) {
    let mut group = group(criterion, "attention");
    for (name, lengths) in [("8_of_32", vec![32; 8]), ("2_of_128", vec![128; 2])] {
        let rows: usize = lengths.iter().sum();
        group.throughput(Throughput::Elements(rows as u64));
        let (texts, qkv) = (texts(&lengths), numbers(rows * 3 * WIDTH));
        let mut context = vec![0.0; rows * WIDTH];
        let texts: Vec<_> = texts.iter().map(Vec::as_slice).collect();
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                timed(pool, count, || {
                    Attention::new(&texts, black_box(&qkv)).run(&mut context);
                })
            });
        });
    }
    group.finish();
}

fn kernels(criterion: &mut Criterion) {
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else {
        panic!("there is no thread to be had");
    };
    gemm(criterion, &pool);
    linear(criterion, &pool);
    attention(criterion, &pool);
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
        let mut group = group(criterion, &format!("encoder_{precision:?}").to_lowercase());
        group.measurement_time(Duration::from_secs(3));
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

criterion_group!(benches, kernels, encoder);
criterion_main!(benches);
