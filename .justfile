# List the recipes.
default:
    @just --list

# Everything that must hold before a change lands.
check:
    bash .ci/run

# Write what the schema says now into schema.graphql.
schema:
    cargo run --quiet -- schema > schema.graphql

# What must hold under attack: all figures, or those of these numbers.
figures *numbers:
    cargo bench --locked --bench figures -- {{ numbers }}

# What a token, the guard and a login cost.
bench:
    cargo bench --locked --bench guard

# Time the encoder and its kernels.
bench-encoder *arguments:
    cargo bench --locked --bench encoder -- {{ arguments }}

# Compare the encoder with onnxruntime: needs Python 3.11 or later; prints a table.
bench-peers *arguments:
    test -d benches/peers/.venv || python3 -m venv benches/peers/.venv
    benches/peers/.venv/bin/pip install --quiet --requirement benches/peers/requirements.txt
    cargo build --release --locked --bench encoder_peer
    benches/peers/.venv/bin/python benches/peers/peers.py "$(ls -t "${CARGO_TARGET_DIR:-target}"/release/deps/encoder_peer-* | grep -v '\.d$' | head -n 1)" {{ arguments }}

# How a short question fares beside another caller's large jobs.
bench-fairness:
    cargo bench --locked --bench fairness
