//! The encoder for `benches/peers/peers.py`, over a line protocol on standard input and output.
//!
//! A request is `0 ` or `1 ` (without or with embeddings), then batches separated by `;`, of texts separated by `|`, of
//! token ids separated by `,`. The response is a line with the total time of the batches in nanoseconds, then, with
//! embeddings, a line of numbers for each text. The request `peak` returns the rate of a product of packed matrices, in
//! operations per second.

#![expect(clippy::print_stdout, reason = "standard output is the protocol")]

use std::error::Error;
use std::io::BufRead as _;
use std::path::Path;
use std::time::{Duration, Instant};

use clap::Parser;
use portcullis::inference::{Buffers, Compute, Encoder, Precision};
use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::NdTensorView;

#[derive(Parser)]
struct Arguments {
    /// Threads that compute
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// f32 or int8
    #[arg(long, default_value = "f32")]
    precision: String,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

type Batches = Vec<Vec<Vec<u32>>>;

fn read(batches: &str) -> Result<Batches, std::num::ParseIntError> {
    let text = |text: &str| text.split(',').map(str::parse).collect();
    let batch = |batch: &str| batch.split('|').map(text).collect();
    batches.split(';').map(batch).collect()
}

/// Rows, inputs and outputs of the product: those of the widest layer, with enough rows for every thread.
const PRODUCT: [usize; 3] = [768, 384, 1536];

/// Operations per second of the fastest of many products.
fn rate(mut product: impl FnMut() -> Result<(), GemmError>) -> Result<f64, GemmError> {
    let (begun, mut least) = (Instant::now(), Duration::MAX);
    while begun.elapsed() < Duration::from_secs(1) {
        let started = Instant::now();
        product()?;
        least = least.min(started.elapsed());
    }
    Ok(2.0 * PRODUCT.iter().product::<usize>() as f64 / least.as_secs_f64())
}

fn floats() -> Result<f64, GemmError> {
    let [rows, inputs, outputs] = PRODUCT;
    let (x, weight) = (vec![0.5; rows * inputs], vec![0.25; inputs * outputs]);
    let gemm = GemmExecutor::<f32, f32, f32>::new();
    let packed = gemm.prepack_b(NdTensorView::from_data([inputs, outputs], weight.as_slice()));
    let mut out = vec![0.0; rows * outputs];
    rate(|| {
        let x = GemmInputA::Unpacked(NdTensorView::from_data([rows, inputs], x.as_slice()));
        gemm.gemm(&mut out, x, GemmInputB::Packed(&packed), GemmOptions::default())
    })
}

fn bytes() -> Result<f64, GemmError> {
    let [rows, inputs, outputs] = PRODUCT;
    let (x, weight) = (vec![3; rows * inputs], vec![2; inputs * outputs]);
    let gemm = GemmExecutor::<u8, i8, i32>::new();
    let packed = gemm.prepack_b(NdTensorView::from_data([inputs, outputs], weight.as_slice()));
    let mut out = vec![0; rows * outputs];
    rate(|| {
        let x = GemmInputA::Unpacked(NdTensorView::from_data([rows, inputs], x.as_slice()));
        gemm.gemm(&mut out, x, GemmInputB::Packed(&packed), GemmOptions::default())
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let precision = match arguments.precision.as_str() {
        "f32" => Precision::F32,
        "int8" => Precision::Int8,
        other => return Err(format!("--precision {other}: f32 or int8").into()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/minilm");
    let encoder = Encoder::open(&folder, Compute::Kernels(precision))?;
    let peak = match precision {
        Precision::F32 => floats,
        Precision::Int8 => bytes,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build()?;
    let mut buffers = Buffers::default();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line == "peak" {
            println!("{}", pool.install(peak)?);
            continue;
        }
        let (wanted, batches) = line
            .split_once(' ')
            .ok_or("a question is 0 or 1, a space, and batches")?;
        let batches = read(batches)?;
        let mut vectors = Vec::new();
        let started = Instant::now();
        pool.install(|| {
            for batch in &batches {
                vectors.extend(encoder.embed(batch, &mut buffers)?);
            }
            Ok::<_, portcullis::inference::InferenceError>(())
        })?;
        println!("{}", started.elapsed().as_nanos());
        if wanted == "1" {
            for vector in vectors {
                let numbers: Vec<_> = vector.iter().map(ToString::to_string).collect();
                println!("{}", numbers.join(" "));
            }
        }
    }
    Ok(())
}
