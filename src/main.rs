//! The command line: parse it, load the configuration, run.

fn main() {}
