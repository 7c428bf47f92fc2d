//! Our encoder for `benches/peers/peers.py`, over a line protocol on standard input and output.
//!
//! A question is `0 ` or `1 ` (whether the vectors are wanted) and batches parted by `;`, of texts parted by `|`, of token
//! ids parted by `,`. The answer is a line with the nanoseconds that the batches took, one after the other, then, if
//! wanted, a line of numbers for each text.

#![expect(clippy::print_stdout, reason = "standard output is the protocol")]

use std::error::Error;
use std::io::BufRead as _;
use std::path::Path;
use std::time::Instant;

use clap::Parser;
use portcullis::inference::{Buffers, Compute, Encoder, Precision};

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

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let precision = match arguments.precision.as_str() {
        "f32" => Precision::F32,
        "int8" => Precision::Int8,
        other => return Err(format!("--precision {other}: f32 or int8").into()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/minilm");
    let encoder = Encoder::open(&folder, Compute::Kernels(precision))?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build()?;
    let mut buffers = Buffers::default();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
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
