# List the recipes.
default:
    @just --list

# Everything that must hold before a change lands.
check:
    bash .ci/run

# Build the console into web/dist, which is committed and embedded in the binary. Needs Node.js 20.19 or later.
web:
    cd web && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline && npm run build

# Write what the schema says now into schema.graphql.
schema:
    cargo run --quiet -- schema > schema.graphql

# Write the table of settings into docs/settings.md.
settings:
    cargo build --quiet
    sed -i '/just settings/q' docs/settings.md
    cargo run --quiet -- settings >> docs/settings.md

# All figures of security and of the store, each with its limit and whether it holds; hours. With numbers, those attacks only.
figures *numbers:
    #!/usr/bin/env bash
    failed=0
    cargo bench --locked --bench attacks -- {{ numbers }} || failed=1
    {{ if numbers == "" { "just store-figures || failed=1" } else { "" } }}
    exit $failed

# The figures of the store, all of them even if one does not hold. The first two measure no time and run side by side.
store-figures:
    #!/usr/bin/env bash
    failed=0
    power_cuts=$(mktemp)
    just power-cuts >"$power_cuts" 2>&1 &
    printf '\n== store-memory\n'
    just store-memory || failed=1
    wait $! || failed=1
    printf '\n== power-cuts\n'
    cat "$power_cuts" && rm "$power_cuts"
    for recipe in backup "catalogue 1000000" bench-users mixed-load; do
      printf '\n== %s\n' "$recipe"
      just $recipe || failed=1
    done
    exit $failed

# What matching costs beside the encoder.
bench-matching:
    cargo bench --locked --bench matching

# What a ranking of 200 resumes costs, beside its parts.
bench-ranking *count:
    cargo bench --locked --bench ranking -- {{ count }}

# Requests a second of a guarded field over HTTP, beside a bare hello-world.
bench-http:
    cargo bench --locked --bench http

# Feed a target (`query`, `document`) with hostile input for so many seconds; needs a nightly toolchain and cargo-fuzz. A
# file that stops a library costs only the process that reads it: of `document`, panics in src/document are findings.
fuzz target seconds:
    cd fuzz && cargo run --quiet --bin seeds -- corpus/query
    cd fuzz && mkdir -p corpus/document && cp -n ../tests/data/documents/*.pdf ../tests/data/documents/*.docx ../tests/data/documents/*.html corpus/document
    cd fuzz && cargo +nightly fuzz run {{ target }} -- -max_total_time={{ seconds }} {{ if target == "document" { "-fork=1 -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 -rss_limit_mb=1024" } else { "" } }} -timeout=10 -max_len=131072 -dict={{ target }}.dict

# What a token, the guard and a login cost.
bench:
    cargo bench --locked --bench guard

# Time the encoder and its kernels.
bench-encoder *arguments:
    cargo bench --locked --bench encoder -- {{ arguments }}

# Compare the encoder with onnxruntime; ten minutes after the build. Needs Python 3.11 or later.
bench-peers *arguments:
    test -d benches/peers/.venv || python3 -m venv benches/peers/.venv
    benches/peers/.venv/bin/pip install --quiet --requirement benches/peers/requirements.txt
    benches/peers/.venv/bin/python benches/peers/peers.py {{ arguments }}

# How a short question fares beside another caller's large jobs, by the word pieces of a batch.
bench-fairness *pieces:
    cargo bench --locked --bench fairness -- {{ pieces }}

# How long the server takes to be ready, and its memory.
bench-start:
    cargo build --release --locked --bin portcullis
    python3 benches/start.py "${CARGO_TARGET_DIR:-target}/release/portcullis"

# How fast a catalogue of 100,000 jobs (or of so many) is searched and ranked; filling it takes minutes. A folder as second
# argument keeps the store for the next run.
catalogue *arguments:
    cargo bench --locked --bench catalogue -- {{ arguments }}

# How long pages, searches and orders of 100,000 accounts (or so many) take; at most 300 ms.
bench-users accounts="100000":
    cargo bench --locked --bench users -- {{ accounts }}

# Memory while a million audit events (or so many) are written, and at the start after a crash; at most 512 MiB.
store-memory events="1000000":
    cargo bench --locked --bench store_memory -- {{ events }}

# Two releases over one remote store under load, for ten minutes (or so many): replicas of the binary `older` are replaced by
# this release.
upgrade older *minutes:
    cargo bench --locked --bench upgrade -- {{ older }} {{ minutes }}

# What one replica of a remote store serves, and what a request costs it and the store; for so many seconds each (15), with so
# many accounts (10,000).
replica-load *arguments:
    cargo bench --locked --bench replica_load -- {{ arguments }}

# Memory of a server with `memory = "1GiB"`, 100,000 accounts and 100,000 jobs under a mixed load of so many minutes (30).
# Numbers of accounts and jobs may follow; `--keep FOLDER` keeps the filled store for the next run.
mixed-load *arguments:
    cargo bench --locked --bench mixed_load -- {{ arguments }}

# What 2,000 power cuts (or so many) leave of a store, under three workloads. Needs a C compiler and Linux.
power-cuts states="2000":
    cargo bench --locked --bench power_cuts -- {{ states }}

# How long a backup and a restore of so many accounts and events take (1,000,000 and 10,000,000), and `viewer` beside it;
# filling the store takes longer. A folder as third argument keeps the store for the next run.
backup *arguments:
    cargo bench --locked --bench backup -- {{ arguments }}
