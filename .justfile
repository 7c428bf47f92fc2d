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

# Requests a second of a guarded field over HTTP, beside a bare hello-world.
bench-http:
    cargo bench --locked --bench http

# Feed a target (`query`, `document`) with hostile input for so many seconds; needs a nightly toolchain and cargo-fuzz.
fuzz target seconds:
    cd fuzz && cargo run --quiet --bin seeds -- corpus/query
    cd fuzz && mkdir -p corpus/document && cp -n ../tests/data/documents/*.pdf ../tests/data/documents/*.docx ../tests/data/documents/*.html corpus/document
    cd fuzz && cargo +nightly fuzz run {{ target }} -- -max_total_time={{ seconds }} -timeout=10 -rss_limit_mb=3000 -max_len=131072 -dict={{ target }}.dict

# What a token, the guard and a login cost.
bench:
    cargo bench --locked --bench guard
