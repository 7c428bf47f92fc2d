# List the recipes.
default:
    @just --list

# Everything that must hold before a change lands.
check:
    bash .ci/run

# Write what the schema says now into schema.graphql.
schema:
    cargo run --quiet -- schema > schema.graphql
