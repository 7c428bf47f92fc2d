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

# How fast a catalogue of 100,000 jobs (or of so many) is searched and ranked; filling it takes minutes.
catalogue jobs="100000":
    cargo bench --locked --bench catalogue -- {{ jobs }}
