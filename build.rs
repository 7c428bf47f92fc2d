//! Lists the files of `web/dist`, the built console, so that `src/http/console/files.rs` can embed them.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=web/dist");
    let dist = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("web/dist");
    let entries = fs::read_dir(dist.join("console"))
        .map_err(|error| format!("web/dist/console cannot be read; `just web` builds the console: {error}"))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    // Paths by the folder of the package, since a target folder may be used from several checkouts.
    let mut code = String::from(
        "const PAGE: &str = include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/web/dist/index.html\"));\n\n\
         const FILES: &[File] = &[\n",
    );
    for path in paths {
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let (name, is_packed) = file.strip_suffix(".br").map_or((file, false), |name| (name, true));
        let path = format!("/web/dist/console/{file}");
        writeln!(
            code,
            "    File {{ name: {name:?}, is_packed: {is_packed}, \
             bytes: include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?})) }},"
        )?;
    }
    code.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("console_files.rs"), code)?;
    Ok(())
}
